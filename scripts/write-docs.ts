import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { generatedDocs } from './docs.js';

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
await mkdir('docs', { recursive: true });
for (const [name, text] of Object.entries(generatedDocs(version))) {
  await writeFile(`docs/${name}`, text);
}
