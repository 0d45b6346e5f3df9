import type { ParseArgsConfig } from 'node:util';
import type { Clock, Ids, Store } from '../domain/ports.js';
import type { Maintenance } from '../store/maintenance.js';

/** What a command works with. Nothing is opened before it is asked for. */
export interface Tools {
  /** Opens the store beside whatever server runs on it. */
  store(): Promise<Store>;
  maintenance(): Maintenance;
  readonly clock: Clock;
  readonly ids: Ids;
  /** A line for people who wait; never part of the result. */
  progress(line: string): void;
}

/** What a command came to. */
export interface Outcome {
  /** For people. */
  readonly text: string;
  /** For programs, with `--json`. */
  readonly json: unknown;
  /** 0 unless said otherwise; 3: done, and found something wrong. */
  readonly exitCode?: number;
}

/** Options as parsed: a text, a list of texts, or a switch. */
export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** One command of the command line. */
export interface Command {
  /** As typed: `site add`. */
  readonly name: string;
  readonly summary: string;
  /** What stands behind the name, as in `ID --name NAME`. */
  readonly usage: string;
  /** Names of the arguments without a dash, all needed. */
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  run(tools: Tools, input: Input): Outcome | Promise<Outcome>;
}

/** An option, with its line of help. */
export type Option = NonNullable<ParseArgsConfig['options']>[string] & { readonly help: string };

/** What was typed behind the name. */
export interface Input {
  readonly positionals: readonly string[];
  readonly values: Values;
}

/** Wrong use of the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The text of an option; undefined where it was not given. */
export const textOption = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

/** The texts of an option that may be repeated. */
export const listOption = (values: Values, name: string): readonly string[] => {
  const value = values[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};
