import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the browser's, in memory. */
export interface StaticFile {
  readonly type: string;
  readonly body: Buffer;
  /** Null: it does not get smaller. */
  readonly gzip: Buffer | null;
  readonly etag: string;
  /** Its name tells its content: it never changes. */
  readonly immutable: boolean;
}

/** The built files of the browser by their path below `dist/browser`, as in `assets/x.3fa2.js`. */
export interface StaticFiles {
  find(path: string): StaticFile | null;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

const compressed = new Set(['.js', '.css', '.html', '.json', '.svg', '.txt']);

/**
 * Looks once at what the folder holds; a path that is not there is never looked up on disk. Files
 * are read, and compressed where the build has not done so, when first asked for.
 */
export function openStaticFiles(folder: string | null): StaticFiles {
  const paths = folder === null ? new Map<string, string>() : listFiles(folder);
  const open = new Map<string, StaticFile>();
  return {
    find: (path) => {
      const kept = open.get(path);
      if (kept !== undefined) return kept;
      const file = paths.get(path);
      if (file === undefined) return null;
      const read = readFile(path, file);
      open.set(path, read);
      return read;
    },
  };
}

function listFiles(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && types[extname(entry.name)] !== undefined)
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(found.map((file) => [relative(folder, file).split(sep).join('/'), file]));
}

function readFile(path: string, file: string): StaticFile {
  const extension = extname(file);
  const body = readFileSync(file);
  const zipped = compressed.has(extension) ? readGzip(file, body) : null;
  return {
    type: types[extension] ?? 'application/octet-stream',
    body,
    gzip: zipped !== null && zipped.length < body.length ? zipped : null,
    etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"`,
    immutable: /^assets\/.+[.-][0-9A-Za-z_-]{8,}\.\w+$/.test(path),
  };
}

const readGzip = (file: string, body: Buffer): Buffer =>
  existsSync(`${file}.gz`) ? readFileSync(`${file}.gz`) : gzipSync(body, { level: 9 });
