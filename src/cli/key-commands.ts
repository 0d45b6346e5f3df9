import { createServiceKeys } from '../auth/service-keys.js';
import { Scope } from '../contract/site.js';
import { DomainError, invalidField } from '../domain/errors.js';
import type { ServiceKey } from '../domain/ports.js';
import { textOption, UsageError, type Command, type Tools } from './command.js';

/** `key create`: makes a key of a service and prints it, this once. */
export const keyCreate: Command = {
  name: 'key create',
  summary: 'Make a key for a service; it is shown this once',
  usage: '--site SITE --scopes read,write [--name NAME]',
  positionals: [],
  options: {
    site: { type: 'string', help: 'Site that the key is for' },
    scopes: { type: 'string', help: `Some of ${Scope.options.join(',')}` },
    name: { type: 'string', help: 'What posts of the service are signed with' },
  },
  async run(tools, { values }) {
    const site = textOption(values, 'site');
    const scopes = textOption(values, 'scopes');
    if (site === undefined || scopes === undefined) {
      throw new UsageError('--site and --scopes are needed.');
    }
    const { directory } = await tools.store();
    if ((await directory.getSite(site)) === null) {
      throw new DomainError('NOT_FOUND', { detail: `There is no site ${site}.` });
    }
    const name = textOption(values, 'name') ?? 'Service';
    const { text, key } = await (await keysOf(tools)).create(site, name, toScopes(scopes));
    return { text, json: { key: text, ...withoutHash(key) } };
  },
};

/** `key list`: all keys, without the keys themselves, which nobody has. */
export const keyList: Command = {
  name: 'key list',
  summary: 'Show the keys of services',
  usage: '[--site SITE]',
  positionals: [],
  options: { site: { type: 'string', help: 'Only those of this site' } },
  async run(tools, { values }) {
    const { directory } = await tools.store();
    const keys = await directory.listKeys(textOption(values, 'site') ?? null);
    const lines = keys.map(({ id, site, name, scopes, revokedAt }) =>
      [id, site, name, scopes.join(','), revokedAt === null ? 'live' : 'revoked'].join('\t'),
    );
    return { text: lines.join('\n') || 'There are no keys.', json: keys.map(withoutHash) };
  },
};

/** `key revoke`: ends a key. A server follows within 5 s. */
export const keyRevoke: Command = {
  name: 'key revoke',
  summary: 'End a key; servers follow within 5 seconds',
  usage: 'ID',
  positionals: ['ID'],
  options: {},
  async run(tools, { positionals: [id = ''] }) {
    const key = await (await keysOf(tools)).revoke(id);
    return { text: `Key ${key.id} of ${key.site} is revoked.`, json: withoutHash(key) };
  },
};

async function keysOf(tools: Tools) {
  const { directory } = await tools.store();
  return createServiceKeys({ directory, clock: tools.clock, ids: tools.ids });
}

function toScopes(text: string): readonly Scope[] {
  const scopes = Scope.array()
    .min(1)
    .safeParse([...new Set(text.split(','))]);
  if (scopes.success) return scopes.data;
  throw invalidField('scopes', `Some of ${Scope.options.join(', ')}, with commas between.`);
}

const withoutHash = ({ id, site, name, scopes, createdAt, revokedAt }: ServiceKey) => ({
  id,
  site,
  name,
  scopes,
  createdAt: toISO(createdAt),
  revokedAt: revokedAt === null ? null : toISO(revokedAt),
});

const toISO = (at: number): string => new Date(at).toISOString();
