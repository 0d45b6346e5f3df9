#!/usr/bin/env node
import { runCommand } from './cli/run-command.js';
import type { Tools } from './cli/command.js';
import { readDatabaseUrl } from './config.js';
import { systemClock, systemIds } from './domain/system.js';
import type { Store } from './domain/ports.js';
import { createMaintenance } from './store/maintenance.js';
import { openStore } from './store/open-store.js';

let opened: Store | null = null;
const tools: Tools = {
  store: async () =>
    (opened ??= await openStore(readDatabaseUrl(process.env), {
      clock: systemClock,
      role: 'tool',
    })),
  maintenance: () => createMaintenance(readDatabaseUrl(process.env), { clock: systemClock }),
  clock: systemClock,
  ids: systemIds,
  progress: (line) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
  },
};

const { out, error, exitCode } = await runCommand(process.argv.slice(2), tools);
if (opened !== null) await (opened as Store).close();
if (out !== '') process.stdout.write(`${out}\n`);
if (error !== '') process.stderr.write(`${error}\n`);
process.exitCode = exitCode;
