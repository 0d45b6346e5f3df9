import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { weaknessOf } from './auth/secrets.js';
import * as parse from './config-values.js';

interface Setting<T> {
  readonly name: string;
  /** Shown in the table. */
  readonly type: string;
  readonly shownDefault: string;
  readonly doc: string;
  /** Secrets may also come from the file that `<name>_FILE` names. */
  readonly secret: boolean;
  /** Throws an Error that says what a value must be. */
  readonly read: (text: string) => T;
  readonly fallback: T;
}

/** Every setting there is; the table in `docs/configuration.md` and `.env.example` are made of this. */
const settings = {
  mode: setting('NODE_ENV', 'development, production or test', parse.mode, 'development', {
    doc: '`production` refuses everything that is only good for trials.',
  }),
  port: setting('PORT', 'port', parse.integer(0, 65_535), 8080, {
    doc: 'Where it listens; 0 takes a free one.',
  }),
  host: setting('HOST', 'address', parse.text, '127.0.0.1', {
    doc: 'Address it listens on; the container sets `0.0.0.0`.',
  }),
  databaseUrl: setting('DATABASE_URL', 'address', parse.databaseUrl, 'sqlite:./data/sayso.db', {
    doc: '`sqlite:` and a file; its folder is the data folder. `sqlite::memory:` keeps nothing and is for trials.',
  }),
  publicUrl: setting<string | null>('PUBLIC_URL', 'origin', parse.origin, null, {
    shown: 'derived in development',
    doc: 'The origin that browsers use, as in `https://talk.example`. Needed in production.',
  }),
  secret: setting<string | null>('SAYSO_SECRET', 'secret', parse.strongSecret, null, {
    secret: true,
    shown: 'made and kept in the data folder in development',
    doc: 'At least 32 random bytes, from which the keys of tokens are derived: `openssl rand -base64 48`. Needed in production.',
  }),
  previousSecret: setting<string | null>(
    'SAYSO_SECRET_PREVIOUS',
    'secret',
    parse.strongSecret,
    null,
    {
      secret: true,
      doc: 'The secret before this one. What it signed stays valid while it is set; 15 minutes are enough.',
    },
  ),
  metricsToken: setting<string | null>('SAYSO_METRICS_TOKEN', 'secret', parse.token, null, {
    secret: true,
    doc: 'Bearer token for `/metrics`, 16 characters or more. Without it, only this machine may read them.',
  }),
  trustProxy: setting<parse.TrustProxy>('TRUST_PROXY', 'number or list', parse.trustProxy, false, {
    shown: 'off',
    doc: 'Proxies in front: how many, or their addresses as a list of CIDR ranges. `true` is refused: it would believe any client.',
  }),
  logLevel: setting('LOG_LEVEL', parse.logLevels.join(', '), parse.logLevel, 'info', {
    doc: 'What is logged; `silent` is nothing.',
  }),
  readsPerMinute: limit('READS_PER_MINUTE', 3_000, 'Reads an address may make in a minute.'),
  sessionsPer10Minutes: limit(
    'SESSIONS_PER_10_MINUTES',
    60,
    'New guests from one address in ten minutes.',
  ),
  sockets: limit('SOCKETS', 20_000, 'Open sockets of this process.'),
  socketsPerAddress: limit('SOCKETS_PER_ADDRESS', 500, 'Open sockets of one address.'),
  socketConnectsPerMinute: limit(
    'SOCKET_CONNECTS_PER_MINUTE',
    1_000,
    'Connects of one address in a minute.',
  ),
  roomsPerSocket: limit('ROOMS_PER_SOCKET', 20, 'Threads that one socket may follow.'),
  socketMessagesPerSecond: limit(
    'SOCKET_MESSAGES_PER_SECOND',
    10,
    'Messages of one socket in a second.',
  ),
  socketMessageBurst: limit('SOCKET_MESSAGE_BURST', 20, 'Messages of one socket at once.'),
} satisfies Record<string, Setting<unknown>>;

type Settings = typeof settings;
type Values = { readonly [K in keyof Settings]: Settings[K]['fallback'] };

/** Everything that can be set from outside, parsed. */
export type Config = Values & {
  /** Never null: given, or made. */
  readonly secret: string;
};

/** What `readConfig` throws: all mistakes at once, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(['The configuration has mistakes:', ...mistakes.map((m) => `  - ${m}`)].join('\n'));
    this.mistakes = mistakes;
  }
}

/**
 * Reads the environment. Throws a ConfigError that lists every mistake. In development a missing
 * secret is made and kept in the data folder, readable by its owner only.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): {
  readonly config: Config;
  readonly warnings: readonly string[];
} {
  const mistakes: string[] = [];
  const values = readValues(env, mistakes);
  mistakes.push(...mistakesAcross(values));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const secret = values.secret ?? keptSecret(dataFolderOf(values.databaseUrl));
  return { config: { ...values, secret }, warnings: warningsOf(env, values) };
}

/** The store's address alone, for the command line, which needs no secret. Throws a ConfigError. */
export function readDatabaseUrl(env: Readonly<Record<string, string | undefined>>): string {
  try {
    return parse.databaseUrl(textOf(env, settings.databaseUrl) ?? settings.databaseUrl.fallback);
  } catch (error) {
    throw new ConfigError([`DATABASE_URL ${error instanceof Error ? error.message : ''}.`]);
  }
}

/** The table of all settings, in Markdown. */
export function configurationTable(): string {
  const rows = Object.values(settings).map((s: Setting<unknown>) => {
    const name = s.secret ? `\`${s.name}\`, \`${s.name}_FILE\`` : `\`${s.name}\``;
    return `| ${name} | ${s.type} | ${s.shownDefault} | ${s.doc} |`;
  });
  return ['| variable | type | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** The text of `.env.example`: every setting, commented out, with its default. */
export function environmentExample(): string {
  const entries = Object.values(settings).map((s: Setting<unknown>) => {
    const value = ['string', 'number'].includes(typeof s.fallback) ? `${s.fallback as string}` : '';
    return `# ${s.doc.replaceAll('`', '')}\n# ${s.name}=${value}\n`;
  });
  return [`# Every setting of Sayso. ${fileNote}\n`, ...entries].join('\n');
}

const fileNote = 'A secret can also be read from the file that its name with _FILE names.';

function setting<T>(
  name: string,
  type: string,
  read: (text: string) => T,
  fallback: T,
  more: { readonly doc: string; readonly secret?: boolean; readonly shown?: string },
): Setting<T> {
  const plain = fallback === null ? '–' : `\`${String(fallback)}\``;
  const { doc, secret = false, shown = plain } = more;
  return { name, type, shownDefault: shown, doc, secret, read, fallback };
}

function limit(name: string, fallback: number, doc: string): Setting<number> {
  return setting(`SAYSO_LIMIT_${name}`, 'number', parse.integer(1, 10_000_000), fallback, { doc });
}

function readValues(env: Readonly<Record<string, string | undefined>>, mistakes: string[]): Values {
  const entries = Object.entries(settings).map(([key, s]: [string, Setting<unknown>]) => {
    try {
      const text = textOf(env, s);
      return [key, text === null ? s.fallback : s.read(text)];
    } catch (error) {
      mistakes.push(`${s.name} ${error instanceof Error ? error.message : String(error)}.`);
      return [key, s.fallback];
    }
  });
  // Entries of `settings` keep their keys, and each value is what its own `read` or fallback gave.
  return Object.fromEntries(entries) as Values;
}

/** An empty value counts as none, but for secrets: an empty secret is a deployment gone wrong. */
function textOf(
  env: Readonly<Record<string, string | undefined>>,
  s: Setting<unknown>,
): string | null {
  const text = env[s.name];
  const file = s.secret ? env[`${s.name}_FILE`] : undefined;
  if (file === undefined || file === '') return text === '' && !s.secret ? null : (text ?? null);
  if (text !== undefined) throw new Error(`is given twice, by itself and by ${s.name}_FILE`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`cannot be read from the file that ${s.name}_FILE names`, { cause: error });
  }
}

function mistakesAcross(values: Values): string[] {
  const mistakes: string[] = [];
  const secrets = [values.secret, values.previousSecret, values.metricsToken].filter(
    (secret) => secret !== null,
  );
  if (new Set(secrets).size < secrets.length) {
    mistakes.push('Two secrets have the same value; give every one its own.');
  }
  if (values.mode !== 'production') return mistakes;
  if (values.secret === null) mistakes.push('SAYSO_SECRET is needed in production.');
  if (values.publicUrl === null) mistakes.push('PUBLIC_URL is needed in production.');
  if (values.publicUrl !== null && !parse.isSecureOrigin(values.publicUrl)) {
    mistakes.push('PUBLIC_URL must be https in production (http is for this machine only).');
  }
  if (parse.sqliteFile(values.databaseUrl) === null) {
    mistakes.push('DATABASE_URL sqlite::memory: keeps nothing and is refused in production.');
  }
  return mistakes;
}

function warningsOf(
  env: Readonly<Record<string, string | undefined>>,
  values: Values,
): readonly string[] {
  const known = new Set(
    Object.values(settings).flatMap((s: Setting<unknown>) =>
      s.secret ? [s.name, `${s.name}_FILE`] : [s.name],
    ),
  );
  const unknown = Object.keys(env)
    .filter((name) => name.startsWith('SAYSO_') && !known.has(name))
    .sort();
  return [
    ...unknown.map((name) => `${name} is not a setting of Sayso and is ignored.`),
    ...(values.secret === null && parse.sqliteFile(values.databaseUrl) === null
      ? ['SAYSO_SECRET is not set: sessions end when this process does.']
      : []),
  ];
}

/** Where Sayso may keep files; null: nowhere (memory only). */
function dataFolderOf(databaseUrl: string): string | null {
  const file = parse.sqliteFile(databaseUrl);
  return file === null ? null : dirname(file);
}

/** `wx` and reading again settle who wins where two processes start at once. */
function keptSecret(folder: string | null): string {
  const fresh = randomBytes(48).toString('base64url');
  if (folder === null) return fresh;
  const file = join(folder, 'secret');
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${fresh}\n`, { mode: 0o600, flag: 'wx' });
    return fresh;
  } catch (error) {
    if (!alreadyThere(error)) throw cannotKeep(folder, error);
  }
  const kept = readFileSync(file, 'utf8').trim();
  const weakness = weaknessOf(kept);
  if (weakness === null) return kept;
  throw new ConfigError([`The secret in ${file} ${weakness}; remove the file to make another.`]);
}

const cannotKeep = (folder: string, error: unknown): unknown =>
  error instanceof Error && 'code' in error
    ? new ConfigError([`DATABASE_URL: nothing can be kept in ${folder} (${error.message}).`])
    : error;

const alreadyThere = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
