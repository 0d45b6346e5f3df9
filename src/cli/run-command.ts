import { parseArgs } from 'node:util';
import { ConfigError } from '../config.js';
import { DomainError } from '../domain/errors.js';
import { UsageError, type Command, type Input, type Outcome, type Tools } from './command.js';
import { keyCreate, keyList, keyRevoke } from './key-commands.js';
import { siteAdd, siteList, siteSet } from './site-commands.js';
import { backupCommand, doctorCommand, rerenderCommand, restoreCommand } from './store-commands.js';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  siteAdd,
  siteSet,
  siteList,
  keyCreate,
  keyList,
  keyRevoke,
  backupCommand,
  restoreCommand,
  doctorCommand,
  rerenderCommand,
];

/** What the process writes and ends with. */
export interface Ended {
  readonly out: string;
  readonly error: string;
  /** 0 done, 1 failed, 2 wrong use, 3 done and found something wrong. */
  readonly exitCode: number;
}

/** Runs what was typed. Never throws for what a person can do wrong. */
export async function runCommand(args: readonly string[], tools: Tools): Promise<Ended> {
  const command = commands.find(({ name }) => startsWith(args, name));
  const wantsHelp =
    args.length === 0 || args.includes('--help') || args.includes('-h') || args[0] === 'help';
  if (wantsHelp) return ended(0, command === undefined ? overview() : helpOf(command));
  if (command === undefined) {
    return ended(
      2,
      '',
      `sayso: there is no command "${args.slice(0, 2).join(' ')}". See sayso --help.`,
    );
  }
  const asJson = args.includes('--json');
  try {
    const input = parse(command, args.slice(command.name.split(' ').length));
    return shown(await command.run(tools, input), asJson);
  } catch (error) {
    return failed(command, error, asJson);
  }
}

const startsWith = (args: readonly string[], name: string): boolean =>
  name.split(' ').every((word, i) => args[i] === word);

function parse(command: Command, args: readonly string[]): Input {
  const common = { json: { type: 'boolean' as const }, help: { type: 'boolean' as const } };
  const options = { ...command.options, ...common };
  const { values, positionals } = parseStrictly([...args], options);
  if (positionals.length !== command.positionals.length) {
    throw new UsageError(`${command.positionals.join(' ') || 'No argument'} is expected.`);
  }
  return { values, positionals };
}

function parseStrictly(
  args: string[],
  options: NonNullable<Parameters<typeof parseArgs>[0]>['options'],
) {
  try {
    return parseArgs({ args, options: options ?? {}, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const shown = ({ text, json, exitCode = 0 }: Outcome, asJson: boolean): Ended =>
  ended(exitCode, asJson ? JSON.stringify(json, null, 2) : text);

function failed(command: Command, error: unknown, asJson: boolean): Ended {
  if (error instanceof UsageError) {
    return ended(2, '', `sayso ${command.name}: ${error.message}\nUsage: ${usageOf(command)}`);
  }
  if (error instanceof ConfigError) return ended(1, '', error.message);
  if (!(error instanceof DomainError)) throw error;
  const fields = (error.details.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
  const words = error.details.detail ?? (fields.join('\n') || error.message);
  const json = JSON.stringify({ code: error.code, detail: words });
  return ended(1, '', asJson ? json : `sayso ${command.name}: ${words}`);
}

const ended = (exitCode: number, out: string, error = ''): Ended => ({ out, error, exitCode });

const usageOf = (command: Command): string => `sayso ${command.name} ${command.usage}`.trim();

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'sayso: the command line of Sayso. It works beside a running server.',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'DATABASE_URL names the store (default sqlite:./data/sayso.db).',
    'Each command has --help and --json. Exit codes: 0 done, 1 failed, 2 wrong use, 3 found something wrong.',
  ].join('\n');
}

function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(
    ([name, { help, type }]) =>
      `  --${name}${type === 'string' ? ' VALUE' : ''}`.padEnd(26) + `  ${help}`,
  );
  return [
    `Usage: ${usageOf(command)}`,
    '',
    `${command.summary}.`,
    '',
    ...options,
    '  --json'.padEnd(26) + '  Print the result as JSON',
  ].join('\n');
}
