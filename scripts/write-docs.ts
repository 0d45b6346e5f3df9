import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { environmentExample } from '../src/config.js';
import { generatedDocs } from './docs.js';

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
await mkdir('docs', { recursive: true });
for (const [name, text] of Object.entries(generatedDocs(version))) {
  await writeFile(`docs/${name}`, text);
}
await writeFile('.env.example', environmentExample());
