import { rerenderAll } from '../domain/rerender.js';
import { policyVersion } from '../domain/text/render.js';
import type { Command } from './command.js';

/** `backup`: one file of everything, beside a running server. */
export const backupCommand: Command = {
  name: 'backup',
  summary: 'Write everything into one file, also while the server runs',
  usage: 'FILE',
  positionals: ['FILE'],
  options: {},
  run(tools, { positionals: [file = ''] }) {
    tools.maintenance().backUp(file);
    return { text: `Everything is in ${file}.`, json: { file } };
  },
};

/** `restore`: puts a backup in the store's place. */
export const restoreCommand: Command = {
  name: 'restore',
  summary: 'Put a backup in the place of the database; the server must be stopped',
  usage: 'FILE [--replace]',
  positionals: ['FILE'],
  options: { replace: { type: 'boolean', help: 'Put aside the database that is there' } },
  run(tools, { positionals: [file = ''], values }) {
    const aside = tools.maintenance().restore(file, values.replace === true);
    const kept = aside === null ? '' : ` What was there is in ${aside}.`;
    return { text: `Restored from ${file}.${kept}`, json: { file, aside } };
  },
};

/** `doctor`: looks for damage. Exit code 3 where there is some. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Look for damage: structure, references, numbers, logs, audit',
  usage: '[--fix]',
  positionals: [],
  options: { fix: { type: 'boolean', help: 'Set wrong numbers to what a recount gives' } },
  run(tools, { values }) {
    const maintenance = tools.maintenance();
    const before = maintenance.examine();
    const fixed =
      values.fix === true && before.some(({ mendable }) => mendable) ? maintenance.mend() : 0;
    const findings = fixed > 0 ? maintenance.examine() : before;
    const lines = findings.map(({ what, where }) => `${where}: ${what}`);
    const summary = findings.length === 0 ? 'Everything adds up.' : `${findings.length} findings.`;
    const mended = fixed > 0 ? [`${fixed} numbers were set right.`] : [];
    return {
      text: [...lines, ...mended, summary].join('\n'),
      json: { findings, fixed },
      exitCode: findings.length === 0 ? 0 : 3,
    };
  },
};

/** `rerender`: brings stored texts to the present rules. */
export const rerenderCommand: Command = {
  name: 'rerender',
  summary: 'Clean stored texts by the present rules; go on where it was cut off',
  usage: '',
  positionals: [],
  options: {},
  async run(tools) {
    const store = await tools.store();
    const done = await rerenderAll(store.threads, (count) => tools.progress(`${count} done`));
    return { text: `${done} texts were cleaned.`, json: { done, policy: policyVersion } };
  },
};
