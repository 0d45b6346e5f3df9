import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, configurationTable, environmentExample, readConfig } from '../src/config.js';
import { aFolder } from './helpers/folder.js';

const strong = (): string => randomBytes(48).toString('base64url');
const memory = { DATABASE_URL: 'sqlite::memory:' };

let fresh: ReturnType<typeof aFolder>;
let folder: string;
beforeEach(() => {
  fresh = aFolder();
  folder = fresh.path;
});
afterEach(() => fresh.remove());

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}
const inFolder = (): string => `sqlite:${join(folder, 'data', 'sayso.db')}`;
const aProduction = (fields: Record<string, string> = {}): Record<string, string> => ({
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://talk.example',
  SAYSO_SECRET: strong(),
  DATABASE_URL: inFolder(),
  ...fields,
});

describe('configuration', () => {
  it('needs nothing in development', () => {
    const { config } = readConfig({ DATABASE_URL: inFolder() });
    expect(config).toMatchObject({
      mode: 'development',
      port: 8_080,
      host: '127.0.0.1',
      publicUrl: null,
      trustProxy: false,
      logLevel: 'info',
      metricsToken: null,
      readsPerMinute: 3_000,
      sessionsPer10Minutes: 60,
      socketsPerAddress: 500,
      socketConnectsPerMinute: 1_000,
      roomsPerSocket: 20,
      socketMessagesPerSecond: 10,
      socketMessageBurst: 20,
    });
  });

  it('makes a secret in the data folder that only its owner reads, and keeps it', () => {
    const first = readConfig({ DATABASE_URL: inFolder() }).config.secret;
    const file = join(folder, 'data', 'secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toBe(first);
    expect(readConfig({ DATABASE_URL: inFolder() }).config.secret).toBe(first);
    expect(first.length).toBeGreaterThanOrEqual(43);
  });

  it('refuses a kept secret that somebody weakened', () => {
    readConfig({ DATABASE_URL: inFolder() });
    writeFileSync(join(folder, 'data', 'secret'), 'changeme');
    expect(mistakesOf({ DATABASE_URL: inFolder() })).toHaveLength(1);
  });

  it('keeps nothing anywhere with a store in memory, and warns that sessions end', () => {
    const { config, warnings } = readConfig(memory);
    expect(config.secret).not.toBe(readConfig(memory).config.secret);
    expect(warnings.join()).toContain('SAYSO_SECRET');
  });

  it('lists every mistake at once, with the value but never a secret', () => {
    const mistakes = mistakesOf({
      PORT: 'eighty',
      NODE_ENV: 'staging',
      LOG_LEVEL: 'loud',
      PUBLIC_URL: 'talk.example/path',
      DATABASE_URL: 'postgres://user:canary@db/sayso',
      SAYSO_SECRET: 'canary-too-short',
      TRUST_PROXY: 'true',
      SAYSO_LIMIT_READS_PER_MINUTE: '-1',
    });
    expect(mistakes).toHaveLength(8);
    const all = mistakes.join('\n');
    for (const part of ['PORT', '"eighty"', '"staging"', '"loud"', 'DATABASE_URL', 'TRUST_PROXY']) {
      expect(all).toContain(part);
    }
    expect(all).not.toContain('canary');
  });

  it.each([
    '',
    'x',
    'undefined',
    'changeme',
    'your-256-bit-secret',
    'a'.repeat(32),
    'changeme'.repeat(4),
  ])('SEC-24 refuses the secret %p in every mode', (SAYSO_SECRET) => {
    for (const NODE_ENV of ['development', 'production', 'test']) {
      const mistakes = mistakesOf(aProduction({ NODE_ENV, SAYSO_SECRET }));
      expect(mistakes.join()).toContain('SAYSO_SECRET');
    }
  });

  it('SEC-24 refuses one secret for two kinds', () => {
    const secret = strong();
    for (const name of ['SAYSO_METRICS_TOKEN', 'SAYSO_SECRET_PREVIOUS']) {
      expect(mistakesOf(aProduction({ SAYSO_SECRET: secret, [name]: secret })).join()).toContain(
        'same',
      );
    }
  });

  it('SEC-88 reads secrets from files, and refuses missing, weak and double ones', () => {
    const file = join(folder, 'secret.txt');
    const secret = strong();
    writeFileSync(file, `${secret}\n`);
    expect(readConfig({ ...memory, SAYSO_SECRET_FILE: file }).config.secret).toBe(secret);
    expect(mistakesOf({ ...memory, SAYSO_SECRET_FILE: file, SAYSO_SECRET: strong() })).toHaveLength(
      1,
    );
    writeFileSync(file, 'changeme');
    expect(mistakesOf({ ...memory, SAYSO_SECRET_FILE: file })).toHaveLength(1);
    writeFileSync(file, '');
    expect(mistakesOf({ ...memory, SAYSO_SECRET_FILE: file })).toHaveLength(1);
    expect(mistakesOf({ ...memory, SAYSO_SECRET_FILE: join(folder, 'none') })).toHaveLength(1);
  });

  it('starts in production with an origin, a secret and a file', () => {
    const { config, warnings } = readConfig(aProduction({ PUBLIC_URL: 'https://talk.example/' }));
    expect(config).toMatchObject({ mode: 'production', publicUrl: 'https://talk.example' });
    expect(warnings).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['PUBLIC_URL', { PUBLIC_URL: '' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://talk.example' }],
    ['DATABASE_URL', memory],
  ])('refuses in production what is only good for trials: %s %p', (name, fields) => {
    expect(mistakesOf(aProduction(fields)).join()).toContain(name);
    expect(mistakesOf({ ...aProduction(fields), NODE_ENV: 'development' })).toEqual([]);
  });

  it('needs a secret in production and makes none', () => {
    const env: Record<string, string | undefined> = aProduction();
    delete env.SAYSO_SECRET;
    expect(() => readConfig(env)).toThrow('SAYSO_SECRET is needed in production');
    expect(() => statSync(join(folder, 'data'))).toThrow('ENOENT');
  });

  it.each<[string, unknown]>([
    ['false', false],
    ['0', false],
    ['1', 1],
    ['2', 2],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['127.0.0.1, fd00::/8', ['127.0.0.1', 'fd00::/8']],
  ])('SEC-51 accepts TRUST_PROXY=%s', (TRUST_PROXY, expected) => {
    expect(readConfig({ ...memory, TRUST_PROXY }).config.trustProxy).toEqual(expected);
  });

  it.each([
    'true',
    'TRUE',
    'yes',
    '-1',
    '1.5',
    'proxy.example',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0.0/8,',
  ])('SEC-51 refuses TRUST_PROXY=%s', (TRUST_PROXY) =>
    expect(mistakesOf({ ...memory, TRUST_PROXY })).toHaveLength(1),
  );

  it.each([
    'talk.example',
    'https://talk.example/x',
    'https://u:p@talk.example',
    'ftp://talk.example',
    'javascript:1',
  ])('refuses PUBLIC_URL=%s', (PUBLIC_URL) =>
    expect(mistakesOf({ ...memory, PUBLIC_URL })).toHaveLength(1),
  );

  it('warns of names that look like its own and are not', () => {
    const { warnings } = readConfig({
      ...memory,
      SAYSO_SECRET: strong(),
      SAYSO_SECERT: 'x',
      PATH: '/bin',
    });
    expect(warnings).toEqual(['SAYSO_SECERT is not a setting of Sayso and is ignored.']);
  });
});

describe('descriptions of the configuration', () => {
  const names = configurationTable().match(/`[A-Z][A-Z0-9_]+`/g) ?? [];

  it('list every setting, secrets with their file', () => {
    for (const name of [
      'PORT',
      'SAYSO_SECRET',
      'SAYSO_SECRET_FILE',
      'SAYSO_LIMIT_READS_PER_MINUTE',
    ]) {
      expect(names).toContain(`\`${name}\``);
    }
  });

  it('.env.example is what the schema makes', () => {
    expect(readFileSync('.env.example', 'utf8')).toBe(environmentExample());
  });
});
