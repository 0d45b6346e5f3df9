import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import ts from 'typescript';

/** What each ring may import: other rings, and outside packages. Source: docs/architecture.md. */
const rings: Record<
  string,
  { readonly rings: readonly string[]; readonly packages: readonly string[] }
> = {
  contract: { rings: [], packages: ['zod'] },
  domain: { rings: ['contract'], packages: ['node:', 'markdown-it', 'sanitize-html'] },
  ops: { rings: ['contract'], packages: ['node:', 'pino', 'prom-client'] },
  auth: { rings: ['domain', 'contract', 'ops'], packages: ['node:', 'jsonwebtoken'] },
  store: {
    rings: ['domain', 'contract', 'ops'],
    packages: ['node:', '@photostructure/sqlite'],
  },
  limits: { rings: ['domain', 'contract', 'ops'], packages: ['node:', 'rate-limiter-flexible'] },
  http: {
    rings: ['domain', 'contract', 'ops', 'auth'],
    packages: ['node:', 'express', 'express-rate-limit', 'helmet'],
  },
  realtime: {
    rings: ['domain', 'contract', 'ops', 'auth'],
    packages: ['node:', 'socket.io'],
  },
  browser: { rings: ['contract'], packages: ['preact'] },
};

interface Import {
  readonly from: string;
  /** A path below src, or the name of a package. */
  readonly to: string;
  readonly inside: boolean;
  readonly typeOnly: boolean;
}

/** Folders beside the rings that may import everything, as the files at the root of src do. */
const outermost = ['', 'cli'];

const root = join(__dirname, '..');
const files = filesBelow('src').filter((file) => /\.tsx?$/.test(file));
const imports = files.flatMap(importsOf);

describe('architecture', () => {
  it('looks at the files there are', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(files.length);
    expect(imports.some(({ typeOnly }) => typeOnly)).toBe(true);
  });

  it('every folder of src is a ring', () => {
    const folders = new Set(files.map((file) => ringOf(file.slice('src/'.length))));
    expect([...folders].sort()).toEqual([...outermost, ...Object.keys(rings)].sort());
  });

  it('imports point inwards, type imports too', () => {
    const outwards = imports.filter(({ from, to, inside }) => {
      const allowed = rings[ringOf(from)]?.rings;
      return (
        inside &&
        allowed !== undefined &&
        ringOf(from) !== ringOf(to) &&
        !allowed.includes(ringOf(to))
      );
    });
    expect(outwards.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('outside packages stay in the ring they belong to', () => {
    const strangers = imports.filter(({ from, to, inside, typeOnly }) => {
      const allowed = rings[ringOf(from)]?.packages;
      if (inside || allowed === undefined) return false;
      // Types of a schema cost nothing anywhere.
      if (typeOnly && to === 'zod') return false;
      return !allowed.some(
        (name) => to === name || to.startsWith(name.endsWith(':') ? name : `${name}/`),
      );
    });
    expect(strangers.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('browser code takes values of the contract from limits.ts only', () => {
    const heavy = imports.filter(
      ({ from, to, typeOnly }) =>
        ringOf(from) === 'browser' &&
        ringOf(to) === 'contract' &&
        !typeOnly &&
        to !== 'contract/limits.ts',
    );
    expect(heavy.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
    expect(imports.filter(({ from }) => from === 'contract/limits.ts')).toEqual([]);
  });

  it('has no cycles', () => {
    expect(cycles()).toEqual([]);
  });

  it('imports name files that are there', () => {
    const known = new Set(files.map((file) => file.slice('src/'.length)));
    const missing = imports.filter(
      ({ to, inside }) => inside && !/\.css$/.test(to) && !known.has(to),
    );
    expect(missing.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('only main.ts and cli.ts look at the process’s environment', () => {
    const readers = files.filter((file) =>
      /process\.env/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(readers.filter((file) => !['src/main.ts', 'src/cli.ts'].includes(file))).toEqual([]);
  });
});

describe('names and shapes', () => {
  it('files are kebab-case', () => {
    const all = [...files, ...filesBelow('test'), ...filesBelow('scripts'), ...filesBelow('bench')];
    const odd = all.filter(
      (file) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(file),
    );
    expect(odd).toEqual([]);
  });

  it('there are no barrel files and no default exports', () => {
    const barrels = files.filter((file) => /(^|\/)index\.tsx?$/.test(file));
    const defaults = files.filter((file) =>
      /^export default /m.test(readFileSync(join(root, file), 'utf8')),
    );
    expect([...barrels, ...defaults]).toEqual([]);
  });

  it('no file is longer than 400 lines', () => {
    const long = files.filter(
      (file) => readFileSync(join(root, file), 'utf8').split('\n').length > 400,
    );
    expect(long).toEqual([]);
  });

  it('classes are errors, and `any` and TODO are nowhere', () => {
    const odd = files.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const classes = text.match(/^(?:export )?class (?!\w+ extends \w*Error\b).*/gm) ?? [];
      const others =
        text.match(/\bas any\b|: any[;,)\]=]|<any>|\bTODO\b|\bFIXME\b|@ts-ignore|@ts-nocheck/g) ??
        [];
      return [...classes, ...others].map((what) => `${file}: ${what}`);
    });
    expect(odd).toEqual([]);
  });
});

/** `domain` of `domain/errors.ts`; files at the root of src have none. */
function ringOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((file) => !file.includes('node_modules'));
  } catch {
    return [];
  }
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const name = importedName(node);
    if (name !== null) found.push(toImport(file, name, isTypeOnly(node)));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The module that a node imports: statements, re-exports, `import()`, `require()`, types. */
function importedName(node: ts.Node): string | null {
  const specifier =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) &&
          (node.expression.kind === ts.SyntaxKind.ImportKeyword ||
            (ts.isIdentifier(node.expression) && node.expression.text === 'require'))
        ? node.arguments[0]
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
          ? node.argument.literal
          : undefined;
  return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : null;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node)) return false;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly)
  );
}

function toImport(file: string, name: string, typeOnly: boolean): Import {
  const from = file.slice('src/'.length);
  if (!name.startsWith('.')) return { from, to: name, inside: false, typeOnly };
  const to = normalize(join(dirname(from), name))
    .split(sep)
    .join('/')
    .replace(/\.js$/, '.ts');
  const exists = files.includes(`src/${to}`);
  return { from, to: exists ? to : to.replace(/\.ts$/, '.tsx'), inside: true, typeOnly };
}

function cycles(): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to, inside } of imports)
    if (inside) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '));
    } else if (!done.has(file)) {
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    }
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}
