// Processes of a benchmark: what is measured runs on core 0, what loads it on core 1.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

export const root = resolve(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache/sayso-bench');

/** Whether processes can be kept on a core of their own. */
export const canPin = cpus().length > 1 && spawnSync('taskset', ['-c', '1', 'true']).status === 0;

/** Command and arguments that run node on one core. */
export const pinned = (core, args) =>
  canPin ? ['taskset', ['-c', String(core), process.execPath, ...args]] : [process.execPath, args];

/** Builds the server as it is shipped; returns its folder. */
export function buildServer() {
  const folder = join(cache, 'server');
  execFileSync(process.execPath, [
    join(root, 'scripts/build.mjs'),
    '--server-only',
    '--out',
    folder,
  ]);
  return folder;
}

/** Makes one file of a part in TypeScript or JavaScript; packages stay outside. */
export async function bundlePart(name) {
  mkdirSync(cache, { recursive: true });
  const outfile = join(cache, `${name.replace(/\.\w+$/, '')}.mjs`);
  await build({
    entryPoints: [join(root, 'bench/parts', name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}

/** Runs a part to its end on core 0; resolves with the JSON that it prints last. */
export function runPart(file, args = [], env = {}) {
  const [command, list] = pinned(0, [file, ...args.map(String)]);
  const out = execFileSync(command, list, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(out.trim().split('\n').at(-1));
}

/** Starts a part that serves; it says `{"url": …}` in a line once it listens. `run`: another program. */
export async function startPart(file, args = [], env = {}, run = pinned(0, [file])) {
  const [command, list] = run;
  const child = spawn(command, [...list, ...args.map(String)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((settle) => child.once('close', settle));
  const url = await new Promise((settle, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      const line = /\{[^\n]*"url":[^\n]*\}/.exec((text += chunk));
      if (line !== null) settle(JSON.parse(line[0]).url);
    });
    child.once('close', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  const stop = async (signal = 'SIGTERM') => {
    child.kill(signal);
    await exited;
  };
  return { url, pid: child.pid, cpuMs: () => cpuMs(child.pid), stop };
}

/** Processor time of a process so far, in ms (ticks of 10). Source: proc(5), fields 14 and 15 of stat. */
function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** What a benched server is set to: limits far away, logs as in production. */
export const serverEnv = (folder) => ({
  NODE_ENV: 'production',
  PORT: '0',
  PUBLIC_URL: 'http://127.0.0.1',
  DATABASE_URL: `sqlite:${join(folder, 'sayso.db')}`,
  SAYSO_SECRET: 'b8Nq2Xv7Lw4Rk9Tz1Yh6Gd3Fs5Pc0MaEjU',
  SAYSO_LIMIT_READS_PER_MINUTE: '10000000',
  SAYSO_LIMIT_SESSIONS_PER_10_MINUTES: '10000000',
  SAYSO_LIMIT_SOCKETS_PER_ADDRESS: '100000',
  SAYSO_LIMIT_SOCKET_CONNECTS_PER_MINUTE: '10000000',
  SAYSO_LIMIT_SOCKET_MESSAGES_PER_SECOND: '1000000',
  SAYSO_LIMIT_SOCKET_MESSAGE_BURST: '1000000',
});

/** A folder for one benchmark. */
export function aFolder() {
  const path = mkdtempSync(join(tmpdir(), 'sayso-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
