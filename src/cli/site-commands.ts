import { readFileSync } from 'node:fs';
import { mistakeInKey } from '../auth/verify-key.js';
import { ModerationMode, SiteId } from '../contract/site.js';
import { DomainError, invalidField } from '../domain/errors.js';
import { newSite, type Rule, type Site, type SsoKey } from '../domain/site.js';
import { parseUrl } from '../domain/text/links.js';
import { cleanLine, isBlank } from '../domain/text/unicode.js';
import {
  listOption,
  textOption,
  type Command,
  type Option,
  type Outcome,
  type Values,
} from './command.js';

const settings: Readonly<Record<string, Option>> = {
  name: { type: 'string', help: 'Name that readers see' },
  origin: {
    type: 'string',
    multiple: true,
    help: 'Origin that may embed it, as in https://news.example; repeat for more',
  },
  'remove-origin': { type: 'string', multiple: true, help: 'Origin that may no longer' },
  guests: { type: 'string', help: 'yes or no: may readers post with a name only' },
  moderation: { type: 'string', help: 'open, first, links or all: which comments wait' },
  'known-after': { type: 'string', help: 'Approved comments after which an author is known' },
  'announced-only': { type: 'string', help: 'yes or no: comments on announced articles only' },
  'edit-window': { type: 'string', help: 'Seconds in which authors may edit' },
  'reports-hide': { type: 'string', help: 'Reports that hide a comment, or never' },
  limit: {
    type: 'string',
    multiple: true,
    help: 'NAME=COUNT/SECONDS,… as in guest-comment=1/10,5/300; repeat for more',
  },
  'staff-name': {
    type: 'string',
    multiple: true,
    help: 'Name that nobody else may use; repeat for more',
  },
  'sso-issuer': { type: 'string', help: '`iss` of the publisher’s tokens; "" ends single sign-on' },
  'sso-key-file': {
    type: 'string',
    help: 'File with the secret (HS256) or the public key in PEM form',
  },
  'sso-algorithm': { type: 'string', help: 'HS256, RS256, ES256 or EdDSA (default HS256)' },
  'sso-kid': { type: 'string', help: '`kid` of the key; none: tokens without one' },
  'sso-remove-kid': {
    type: 'string',
    help: 'Retires the key of this `kid` ("" for the one without)',
  },
  'sso-roles': { type: 'string', help: 'yes or no: does a token’s role moderator count' },
};

/** `site add`: makes a site. */
export const siteAdd: Command = {
  name: 'site add',
  summary: 'Make a site',
  usage: 'ID [--name NAME] [--origin ORIGIN]...',
  positionals: ['ID'],
  options: settings,
  async run(tools, { positionals: [id = ''], values }) {
    if (!SiteId.safeParse(id).success) {
      throw invalidField('ID', 'Lower-case letters, digits and hyphens, 1 to 40.');
    }
    const { directory } = await tools.store();
    if ((await directory.getSite(id)) !== null) {
      throw new DomainError('CONFLICT', { detail: `There is a site ${id} already; see site set.` });
    }
    const site = withSettings(newSite(id), values);
    await directory.putSite(site);
    return show(site);
  },
};

/** `site set`: changes what is named and leaves the rest. A server follows within 5 s. */
export const siteSet: Command = {
  name: 'site set',
  summary: 'Change a site; what is not named stays',
  usage: 'ID [--name NAME] [--moderation MODE] ...',
  positionals: ['ID'],
  options: settings,
  async run(tools, { positionals: [id = ''], values }) {
    const { directory } = await tools.store();
    const site = await directory.getSite(id);
    if (site === null) throw new DomainError('NOT_FOUND', { detail: `There is no site ${id}.` });
    const changed = withSettings(site, values);
    await directory.putSite({ ...changed, version: site.version + 1 });
    return show(changed);
  },
};

/** `site list`: all sites. */
export const siteList: Command = {
  name: 'site list',
  summary: 'Show all sites',
  usage: '',
  positionals: [],
  options: {},
  async run(tools) {
    const sites = await (await tools.store()).directory.listSites();
    const lines = sites.map(({ id, name, moderation, origins }) =>
      [id, name, moderation, origins.join(' ')].join('\t'),
    );
    return { text: lines.join('\n') || 'There are no sites.', json: sites.map(withoutSecrets) };
  },
};

function withSettings(site: Site, values: Values): Site {
  const removed = listOption(values, 'remove-origin').map(toOrigin);
  const added = listOption(values, 'origin').map(toOrigin);
  const staffNames = listOption(values, 'staff-name');
  return {
    ...site,
    name: nameOf(values) ?? site.name,
    origins: [...new Set([...site.origins, ...added])].filter((o) => !removed.includes(o)),
    guests: yesOrNo(values, 'guests') ?? site.guests,
    moderation: moderationOf(values) ?? site.moderation,
    knownAfter: count(values, 'known-after') ?? site.knownAfter,
    announcedOnly: yesOrNo(values, 'announced-only') ?? site.announcedOnly,
    editWindowSeconds: count(values, 'edit-window') ?? site.editWindowSeconds,
    reportsHide: reportsHideOf(values, site.reportsHide),
    limits: limitsOf(values, site.limits),
    staffNames: staffNames.length > 0 ? staffNames : site.staffNames,
    sso: ssoOf(site.sso, values),
  };
}

function nameOf(values: Values): string | undefined {
  const text = textOption(values, 'name');
  const name = text === undefined ? undefined : cleanLine(text);
  if (name !== undefined && isBlank(name)) throw invalidField('name', 'A visible character.');
  return name;
}

function ssoOf(before: Site['sso'], values: Values): Site['sso'] {
  const issuer = textOption(values, 'sso-issuer') ?? before?.issuer ?? '';
  const file = textOption(values, 'sso-key-file');
  if (issuer === '') {
    if (file === undefined) return null;
    throw invalidField('sso-issuer', 'It is needed with a key.');
  }
  const removed = textOption(values, 'sso-remove-kid');
  const kept = (before?.keys ?? []).filter(
    ({ kid }) => removed === undefined || (kid ?? '') !== removed,
  );
  const added = file === undefined ? [] : [keyOf(file, values)];
  const keys = [...kept.filter(({ kid }) => kid !== added[0]?.kid), ...added];
  return { issuer, keys, roles: yesOrNo(values, 'sso-roles') ?? before?.roles ?? false };
}

function keyOf(file: string, values: Values): SsoKey {
  const algorithm = algorithms.find(
    (known) => known === (textOption(values, 'sso-algorithm') ?? 'HS256'),
  );
  if (algorithm === undefined)
    throw invalidField('sso-algorithm', `One of ${algorithms.join(', ')}.`);
  const key = { kid: textOption(values, 'sso-kid') ?? null, algorithm, key: readKey(file) };
  const mistake = mistakeInKey(key);
  if (mistake !== null) throw invalidField('sso-key-file', mistake);
  return key;
}

const algorithms = ['HS256', 'RS256', 'ES256', 'EdDSA'] as const;

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw invalidField('sso-key-file', `${file} cannot be read.`);
  }
}

function toOrigin(text: string): string {
  const url = parseUrl(text);
  const bare =
    url !== null && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(text);
  if (!bare) throw invalidField('origin', `${text} is no origin; one is https://news.example.`);
  return url.origin;
}

function yesOrNo(values: Values, name: string): boolean | undefined {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw invalidField(name, 'yes or no.');
}

function count(values: Values, name: string): number | undefined {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw invalidField(name, 'A whole number.');
}

function reportsHideOf(values: Values, before: number | null): number | null {
  if (textOption(values, 'reports-hide') === 'never') return null;
  const reports = count(values, 'reports-hide') ?? before;
  if (reports === 0) throw invalidField('reports-hide', '1 or more, or never.');
  return reports;
}

function limitsOf(values: Values, before: Site['limits']): Site['limits'] {
  const changed = listOption(values, 'limit').map((text) => {
    const [name = '', rules = ''] = text.split('=');
    const key = Object.hasOwn(limitNames, name) ? limitNames[name] : undefined;
    if (key === undefined) {
      throw invalidField('limit', `${text}: one of ${Object.keys(limitNames).join(', ')}.`);
    }
    return [key, rules.split(',').map(toRule)] as const;
  });
  return { ...before, ...Object.fromEntries(changed) };
}

const limitNames: Readonly<Record<string, keyof Site['limits']>> = {
  'guest-comment': 'guestComment',
  'member-comment': 'memberComment',
  'address-comment': 'addressComment',
  'service-comment': 'serviceComment',
  vote: 'vote',
  report: 'report',
  preview: 'preview',
};

function toRule(text: string): Rule {
  const [, points, seconds] = /^([1-9]\d{0,6})\/([1-9]\d{0,6})$/.exec(text) ?? [];
  if (points !== undefined) return { points: Number(points), seconds: Number(seconds) };
  throw invalidField('limit', `“${text}” is no limit; one is 5/300: 5 in 300 s.`);
}

function moderationOf(values: Values): Site['moderation'] | undefined {
  const text = textOption(values, 'moderation');
  if (text === undefined) return undefined;
  const mode = ModerationMode.safeParse(text);
  if (mode.success) return mode.data;
  throw invalidField('moderation', `One of ${ModerationMode.options.join(', ')}.`);
}

const show = (site: Site): Outcome => ({
  text: `Site ${site.id} (${site.name}): moderation ${site.moderation}, embedded by ${site.origins.join(', ') || 'nobody yet'}.`,
  json: withoutSecrets(site),
});

/** Keys of HS256 are secrets, and a terminal keeps what it shows. */
const withoutSecrets = (site: Site): unknown => ({
  ...site,
  sso: site.sso && {
    ...site.sso,
    keys: site.sso.keys.map(({ kid, algorithm, key }) =>
      algorithm === 'HS256' ? { kid, algorithm } : { kid, algorithm, key },
    ),
  },
});
