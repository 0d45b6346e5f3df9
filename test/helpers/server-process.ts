import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

/** A server as operators run it: the built file in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  readonly url: string;
  /** Lines of standard output, as written. */
  readonly lines: readonly string[];
  /** Standard error so far. */
  errors(): string;
  kill(signal: NodeJS.Signals): void;
  /** Stops reading its log: the pipe breaks. */
  closeLog(): void;
  /** Resolves with the exit code; null: ended by a signal. */
  readonly exited: Promise<number | null>;
}

const root = resolve(__dirname, '../..');
let built: string | null = null;

/** Builds the server once a test file; its packages are found from where it lies. */
export function buildServer(): string {
  if (built !== null) return built;
  const folder = join(root, `node_modules/.cache/sayso-test/server-${process.pid}`);
  const script = join(root, 'scripts/build.mjs');
  execFileSync(process.execPath, [script, '--server-only', '--out', folder]);
  built = folder;
  return folder;
}

/** Runs to the end and tells what it came to. */
export async function runServer(env: Readonly<Record<string, string>>) {
  const { lines, errors, exited } = launch(env);
  const code = await exited;
  return { code, out: lines.join('\n'), error: errors() };
}

/** Starts a server and waits until it says that it is ready. */
export async function startServer(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const { child, lines, errors, exited } = launch({ PORT: '0', ...env });
  const ready = new Promise<string>((settle, reject) => {
    child.stdout.on('data', () => {
      const line = lines.find((text) => text.includes('"message":"Ready"'));
      if (line !== undefined) settle((JSON.parse(line) as { url: string }).url);
    });
    void exited.then((code) =>
      reject(new Error(`ended with ${code} before it was ready: ${errors()}`)),
    );
  });
  const url = await ready;
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
  const closeLog = (): void => void child.stdout.destroy();
  return { pid: child.pid ?? -1, url, lines, errors, kill, closeLog, exited };
}

function launch(env: Readonly<Record<string, string>>) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [join(buildServer(), 'main.js')], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const [...parts] = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  let error = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    error += chunk;
  });
  // `close` comes after the last output, `exit` may come before.
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, lines, errors: () => error, exited };
}
