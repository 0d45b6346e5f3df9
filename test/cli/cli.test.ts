import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tools } from '../../src/cli/command.js';
import { commands, runCommand } from '../../src/cli/run-command.js';
import { systemIds } from '../../src/domain/system.js';
import { newSite } from '../../src/domain/site.js';
import { threadKey } from '../../src/domain/thread.js';
import type { Store } from '../../src/domain/ports.js';
import { createMaintenance } from '../../src/store/maintenance.js';
import { openStore } from '../../src/store/open-store.js';
import { openDatabase } from '../../src/store/sqlite/driver.js';
import { createClock } from '../helpers/clock.js';
import { aPost, aText, anAuthor, aVote } from '../helpers/factories.js';
import { aFolder } from '../helpers/folder.js';
import { testKeys, toPem } from '../helpers/tokens.js';

const clock = createClock();
const thread = { site: 'demo', article: 'article-1' };

let fresh: ReturnType<typeof aFolder>;
let folder: string;
let url: string;
let server: Store;
beforeEach(async () => {
  fresh = aFolder();
  folder = fresh.path;
  url = `sqlite:${join(folder, 'sayso.db')}`;
  server = await openStore(url, { clock });
});
afterEach(async () => {
  await server.close();
  fresh.remove();
});

/** Runs a command as typed, beside the running server. */
async function sayso(...args: string[]) {
  const opened: Store[] = [];
  const tools: Tools = {
    store: async () => {
      opened.push(await openStore(url, { clock, role: 'tool' }));
      return opened.at(-1)!;
    },
    maintenance: () => createMaintenance(url, { clock }),
    clock,
    ids: systemIds,
    progress: () => undefined,
  };
  const ended = await runCommand(args, tools);
  for (const store of opened) await store.close();
  return ended;
}

const json = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { out, error, exitCode } = await sayso(...args, '--json');
  expect([error, exitCode]).toEqual(['', 0]);
  return JSON.parse(out) as Record<string, unknown>;
};

async function writeSome(): Promise<string> {
  const { comment } = await server.threads.write(thread, aPost({ author: anAuthor() }));
  await server.threads.write(thread, aVote(comment!.id));
  await server.threads.write(
    thread,
    aPost({ parentId: comment!.id, author: anAuthor({ id: 'b' }) }),
  );
  return comment!.id;
}

/** Alters the file behind the server's back. */
function alter(sql: string): void {
  const db = openDatabase(join(folder, 'sayso.db'));
  db.exec(sql);
  db.close();
}

describe('command line', () => {
  it.each(commands.map(({ name }) => name))(
    '%s has help and refuses options that are not its own',
    async (name) => {
      const help = await sayso(...name.split(' '), '--help');
      expect(help).toMatchObject({ exitCode: 0, error: '' });
      expect(help.out).toContain(`Usage: sayso ${name}`);
      expect(help.out).toContain('--json');
      expect(await sayso(...name.split(' '), 'x', '--nonsense')).toMatchObject({
        exitCode: 2,
        out: '',
      });
    },
  );

  it('shows all commands without any, and ends with 2 for one that is not there', async () => {
    const overview = await sayso();
    for (const { name } of commands) expect(overview.out).toContain(name);
    expect(await sayso('site', 'burn')).toMatchObject({ exitCode: 2, out: '' });
    expect((await sayso('key', 'create')).exitCode).toBe(2);
    expect((await sayso('backup')).exitCode).toBe(2);
  });

  it('makes, changes and lists sites beside a running server', async () => {
    await json('site', 'add', 'daily', '--name', 'The Daily', '--origin', 'https://daily.example/');
    expect(await server.directory.getSite('daily')).toMatchObject({
      name: 'The Daily',
      origins: ['https://daily.example'],
      guests: true,
      version: 0,
    });
    await json(
      'site',
      'set',
      'daily',
      '--guests',
      'no',
      '--moderation',
      'links',
      '--edit-window',
      '60',
    );
    expect(await server.directory.getSite('daily')).toMatchObject({
      name: 'The Daily',
      origins: ['https://daily.example'],
      guests: false,
      moderation: 'links',
      editWindowSeconds: 60,
      version: 1,
    });
    await json(
      'site',
      'set',
      'daily',
      '--origin',
      'https://b.example',
      '--remove-origin',
      'https://daily.example',
    );
    expect((await server.directory.getSite('daily'))?.origins).toEqual(['https://b.example']);
    expect((await sayso('site', 'list')).out).toContain(
      'daily\tThe Daily\tlinks\thttps://b.example',
    );
  });

  it('sets how many reports hide a comment, and people’s limits', async () => {
    await sayso('site', 'add', 'demo');
    const rules = ['--limit', 'guest-comment=1/10,5/300', '--limit', 'vote=9/60'];
    await json('site', 'set', 'demo', '--reports-hide', '3', ...rules);
    const { reportsHide, limits } = (await server.directory.getSite('demo'))!;
    expect(reportsHide).toBe(3);
    expect(limits).toEqual({
      ...newSite('demo').limits,
      guestComment: [
        { points: 1, seconds: 10 },
        { points: 5, seconds: 300 },
      ],
      vote: [{ points: 9, seconds: 60 }],
    });
    await json('site', 'set', 'demo', '--reports-hide', 'never');
    expect(await server.directory.getSite('demo')).toMatchObject({ reportsHide: null, limits });
  });

  it.each([
    ['an unknown limit', ['site', 'set', 'demo', '--limit', 'likes=1/10'], 'guest-comment'],
    ['a limit of nothing', ['site', 'set', 'demo', '--limit', 'vote=0/10'], '5/300'],
    ['hiding after no report', ['site', 'set', 'demo', '--reports-hide', '0'], 'never'],
    ['a taken id', ['site', 'add', 'demo'], 'already'],
    ['an id with capitals', ['site', 'add', 'Demo'], 'Lower-case'],
    ['a path as origin', ['site', 'set', 'demo', '--origin', 'https://a.example/x'], 'origin'],
    ['another moderation', ['site', 'set', 'demo', '--moderation', 'strict'], 'first'],
    ['neither yes nor no', ['site', 'set', 'demo', '--guests', 'true'], 'yes or no'],
    ['an unknown site', ['site', 'set', 'nobody', '--name', 'x'], 'no site nobody'],
    ['an unknown scope', ['key', 'create', '--site', 'demo', '--scopes', 'root'], 'Some of read'],
    [
      'a key for no site',
      ['key', 'create', '--site', 'nobody', '--scopes', 'read'],
      'no site nobody',
    ],
    ['an unknown key', ['key', 'revoke', 'nothing'], 'No key nothing'],
    ['a backup that is not there', ['restore', '/nowhere/at/all.db'], 'not there'],
  ])('refuses %s and ends with 1', async (_, args, words) => {
    if (args[2] !== 'nobody') await sayso('site', 'add', 'demo');
    const { out, error, exitCode } = await sayso(...args);
    expect([out, exitCode]).toEqual(['', 1]);
    expect(error).toContain(words);
    expect(error).not.toMatch(/\.js:|at .*\(/);
  });

  it('keeps names of sites on one line', async () => {
    await sayso('site', 'add', 'news', '--name', ' The\nNews\u202e ');
    expect((await server.directory.getSite('news'))?.name).toBe('The News');
    expect((await sayso('site', 'set', 'news', '--name', ' \u200b ')).exitCode).toBe(1);
  });

  it('takes keys of publishers from files, refuses unfit ones, and never shows a secret', async () => {
    const secret = 'x8Qz!4nT0vLw2Rk7Jb9Yh5Gd3Fs6Pc1Ma';
    const files = {
      hs: join(folder, 'hs'),
      es: join(folder, 'es.pem'),
      weak: join(folder, 'weak'),
    };
    writeFileSync(files.hs, `${secret}\n`);
    writeFileSync(files.es, toPem(testKeys.ec.publicKey));
    writeFileSync(files.weak, 'changeme');
    await sayso('site', 'add', 'demo');
    const set = (...args: string[]) =>
      sayso('site', 'set', 'demo', '--sso-issuer', 'https://a.example', ...args);
    const shown = await set('--sso-key-file', files.hs, '--json');
    expect(shown).toMatchObject({ exitCode: 0 });
    expect(shown.out + (await sayso('site', 'list', '--json')).out).not.toContain(secret);
    await set(
      '--sso-key-file',
      files.es,
      '--sso-algorithm',
      'ES256',
      '--sso-kid',
      'a',
      '--sso-roles',
      'yes',
    );
    const { sso } = (await server.directory.getSite('demo'))!;
    expect(sso).toMatchObject({
      issuer: 'https://a.example',
      roles: true,
      keys: [
        { kid: null, algorithm: 'HS256', key: secret },
        { kid: 'a', algorithm: 'ES256' },
      ],
    });
    expect((await set('--sso-key-file', files.weak)).exitCode).toBe(1);
    expect((await set('--sso-key-file', files.hs, '--sso-algorithm', 'RS256')).exitCode).toBe(1);
    expect((await set('--sso-key-file', files.es)).exitCode).toBe(1);
    await sayso('site', 'set', 'demo', '--sso-remove-kid', '');
    expect((await server.directory.getSite('demo'))?.sso?.keys.map(({ kid }) => kid)).toEqual([
      'a',
    ]);
  });

  it('makes, lists and revokes keys, and shows a key once', async () => {
    await sayso('site', 'add', 'demo');
    const plain = await sayso(
      'key',
      'create',
      '--site',
      'demo',
      '--scopes',
      'read,write',
      '--name',
      'CMS',
    );
    expect(plain.out).toMatch(/^sk_[\w-]{43}$/);
    const made = await json('key', 'create', '--site', 'demo', '--scopes', 'read');
    const list = (await sayso('key', 'list', '--json')).out;
    expect(list).toContain('CMS');
    expect(list).not.toContain(plain.out.slice(3));
    expect(list).not.toMatch(/[0-9a-f]{64}/);
    await json('key', 'revoke', String(made.id));
    const keys = await server.directory.listKeys('demo');
    const live = keys.filter(({ revokedAt }) => revokedAt === null);
    expect([keys.length, live.map(({ name }) => name)]).toEqual([2, ['CMS']]);
  });

  it('REL-6 backs up while the server writes, and restores the same', async () => {
    const id = await writeSome();
    const file = join(folder, 'backup.db');
    const writing = Promise.all(
      Array.from({ length: 30 }, () => server.threads.write(thread, aPost())),
    );
    expect(await json('backup', file)).toEqual({ file });
    await writing;
    expect(await sayso('backup', file)).toMatchObject({ exitCode: 1 });
    expect(await sayso('restore', file, '--replace')).toMatchObject({ exitCode: 1 });

    await server.close();
    expect(await sayso('restore', file)).toMatchObject({ exitCode: 1 });
    const { aside } = await json('restore', file, '--replace');
    expect(existsSync(String(aside))).toBe(true);
    server = await openStore(url, { clock });
    const found = await server.threads.readComment(threadKey(thread), id);
    expect(found?.comment).toMatchObject({ id, up: 1, replies: 1 });
    expect(await sayso('doctor')).toMatchObject({ exitCode: 0, out: 'Everything adds up.' });
  });

  it('restores nothing that is damaged or no database of its own', async () => {
    await server.close();
    const file = join(folder, 'backup.db');
    for (const bytes of [
      '',
      'not a database',
      readFileSync(join(folder, 'sayso.db')).subarray(0, 5_000),
    ]) {
      writeFileSync(file, bytes);
      const ended = await sayso('restore', file, '--replace');
      expect([ended.exitCode, ended.out]).toEqual([1, '']);
    }
    server = await openStore(url, { clock });
    expect(await sayso('doctor')).toMatchObject({ exitCode: 0 });
  });

  it('REL-5 finds wrong numbers and sets them right', async () => {
    const id = await writeSome();
    expect((await sayso('doctor')).exitCode).toBe(0);
    alter(
      `update comments set up = 7, replies = 9 where id = '${id}'; update threads set count = 40`,
    );
    const found = await sayso('doctor', '--json');
    expect(found.exitCode).toBe(3);
    const { findings } = JSON.parse(found.out) as { findings: { what: string; where: string }[] };
    expect(findings.map(({ what, where }) => [what, where])).toEqual([
      ['number of comments', threadKey(thread)],
      ['number of replies', id],
      ['number of votes', id],
    ]);
    expect(await sayso('doctor', '--fix')).toMatchObject({ exitCode: 0 });
    expect(await sayso('doctor')).toMatchObject({ exitCode: 0 });
    const { comment, thread: head } = (await server.threads.readComment(threadKey(thread), id))!;
    expect([comment.up, comment.score, comment.replies, head.count]).toEqual([1, 1, 1, 2]);
  });

  it('SEC-89 finds a gap in the log and an altered audit entry', async () => {
    const id = await writeSome();
    await server.threads.write(thread, {
      type: 'decide',
      id,
      action: 'reject',
      by: { id: 'm', name: 'Mo', kind: 'moderator' },
      reason: 'spam',
      note: null,
      expectedVersion: null,
      entropy: systemIds.entropy(),
    });
    alter(`delete from changes where rev = 2; update audit set reason = 'abuse'`);
    const { out, exitCode } = await sayso('doctor', '--fix');
    expect(exitCode).toBe(3);
    expect(out).toContain('gap in the log');
    expect(out).toContain('altered or missing audit entry');
  });

  it('SEC-9 cleans rows of an older policy, goes on where it stopped, and changes nothing the second time', async () => {
    const hostile = '<p onclick="x()">kept<script>alert(1)</script></p>';
    const ids: string[] = [];
    for (let i = 0; i < 250; i += 1) {
      const { comment } = await server.threads.write(
        thread,
        aPost({ text: { ...aText(), policy: 1 } }),
      );
      ids.push(comment!.id);
    }
    alter(`update comments set policy = 0, html = '${hostile}'`);
    alter(`update comments set policy = 1, html = '<p>kept</p>' where id = '${ids[0]}'`);
    const before = await server.threads.readThread(threadKey(thread));
    expect(await json('rerender')).toMatchObject({ done: 249 });
    const log = await server.threads.readLog(threadKey(thread), before!.rev, 300);
    expect(new Set(log.changes.flatMap((change) => change.ids)).size).toBe(249);
    const page = await server.threads.readComment(threadKey(thread), ids[249]!);
    expect(page?.comment).toMatchObject({ html: '<p>kept</p>', text: 'kept', policy: 1 });
    expect(await json('rerender')).toMatchObject({ done: 0 });
  });

  it('says where it looked when there is no database', async () => {
    url = `sqlite:${join(folder, 'none', 'sayso.db')}`;
    const { error, exitCode } = await sayso('doctor');
    expect(exitCode).toBe(1);
    expect(error).toContain(join(folder, 'none', 'sayso.db'));
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
