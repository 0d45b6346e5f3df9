import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedDocs } from '../scripts/docs.js';
import { errorCodes } from '../src/contract/errors.js';
import { clientEvents, serverEvents } from '../src/contract/events.js';
import { errorsOf, openapiDocument } from '../src/contract/openapi.js';
import { asyncapiDocument } from '../src/contract/asyncapi.js';
import type { Route } from '../src/contract/route.js';
import { routes } from '../src/contract/routes.js';

const root = join(__dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

describe('the written documents', () => {
  const written = [
    ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ];

  it.each(written)('%s links to pages and shows pictures that are there', (name) => {
    const links = [...read(name).matchAll(/\[[^\]]*\]\(([^)#\s]+)/g)].map(([, to]) => to ?? '');
    const inside = links.filter((to) => !/^[a-z]+:/.test(to));
    expect(inside.filter((to) => !existsSync(join(root, dirname(name), to)))).toEqual([]);
  });

  it('commands of README and CONTRIBUTING are scripts of the package', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const text = read('README.md') + read('CONTRIBUTING.md');
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script ?? '');
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});

describe('the generated documents', () => {
  it.each(Object.entries(generatedDocs(version)))(
    'docs/%s is current (`npm run docs` writes it)',
    (name, text) => {
      expect(existsSync(join(root, 'docs', name))).toBe(true);
      expect(read(`docs/${name}`)).toBe(text);
    },
  );

  it.each([openapiDocument('1'), asyncapiDocument('1')])(
    'refer to nothing that is missing',
    (doc) => {
      const references = JSON.stringify(doc).match(/"\$ref":"#[^"]+"/g) ?? [];
      expect(references.length).toBeGreaterThan(10);
      for (const reference of new Set(references)) {
        const path = reference.slice('"$ref":"#/'.length, -1).split('/');
        const found = path.reduce<unknown>(
          (at, part) => (at as Record<string, unknown> | undefined)?.[part],
          doc,
        );
        expect([reference, typeof found]).toEqual([reference, 'object']);
      }
    },
  );

  it('describe every route with its method, input and errors', () => {
    const { paths } = openapiDocument('1') as { paths: Record<string, Record<string, Operation>> };
    const described = Object.values(paths).flatMap((path) => Object.values(path));
    expect(described.map(({ operationId }) => operationId).sort()).toEqual(
      Object.keys(routes).sort(),
    );
    for (const [name, route] of Object.entries(routes) as [string, Route][]) {
      const operation = described.find(({ operationId }) => operationId === name)!;
      expect([name, operation.requestBody !== undefined]).toEqual([name, route.body !== undefined]);
      expect(operation['x-error-codes']).toEqual(errorsOf(route));
    }
  });

  it('describe every event with its payload and acknowledgement', () => {
    const { components } = asyncapiDocument('1') as {
      components: { messages: Record<string, { name: string }> };
    };
    const names = Object.values(components.messages).map(({ name }) => name);
    for (const name of Object.keys(clientEvents)) {
      expect(names).toEqual(expect.arrayContaining([name, `${name} (acknowledgement)`]));
    }
    expect(names).toEqual(expect.arrayContaining(Object.keys(serverEvents)));
  });

  it('explain every error code', () => {
    const headings = read('docs/errors.md').match(/^## \w+$/gm) ?? [];
    expect(headings.map((heading) => heading.slice(3))).toEqual(errorCodes);
  });
});

interface Operation {
  readonly operationId: string;
  readonly requestBody?: unknown;
  readonly 'x-error-codes': readonly string[];
}
