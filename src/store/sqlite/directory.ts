import type { DirectoryStore, PersonRow, ServiceKey, SessionRow } from '../../domain/ports.js';
import { newSite, type Site } from '../../domain/site.js';
import type { Database, Row } from './driver.js';
import { fromList, toList } from './rows.js';

/** How the directory reaches the database: reads at once, writes with the next commit. */
export interface Access {
  read<T>(work: (db: Database) => T): Promise<T>;
  write<T>(work: (db: Database) => T): Promise<T>;
}

/** Sites, keys, people and sessions in SQLite. */
export function createDirectory({ read, write }: Access): DirectoryStore {
  return {
    getSite: (id) => read((db) => first(db.get('select * from sites where id = ?', id), toSite)),
    listSites: () => read((db) => db.all('select * from sites order by id').map(toSite)),
    putSite: (site) => write((db) => void db.run(putSite, site.id, JSON.stringify(site))),
    findKey: (hash) =>
      read((db) => first(db.get('select * from keys where hash = ?', hash), toKey)),
    listKeys: (site) =>
      read((db) =>
        db.all('select * from keys where site = ifnull(?, site) order by id', site).map(toKey),
      ),
    putKey: ({ id, site, name, hash, scopes, createdAt, revokedAt }) =>
      write(
        (db) => void db.run(putKey, id, site, name, hash, toList(scopes), createdAt, revokedAt),
      ),
    getPerson: (site, id) =>
      read((db) =>
        first(db.get('select * from people where id = ? and site = ?', id, site), toPerson),
      ),
    findPerson: (site, subject) => read((db) => first(db.get(bySubject, site, subject), toPerson)),
    async ensurePerson(fresh) {
      const known = await read((db) => findPerson(db, fresh));
      if (known !== null && isSame(known, fresh)) return known;
      return write((db) => ensurePerson(db, fresh));
    },
    findSession: (hash) =>
      read((db) => first(db.get('select * from sessions where hash = ?', hash), toSession)),
    putSession: ({ id, site, personId, hash, expiresAt }) =>
      write((db) => void db.run(putSession, id, site, personId, hash, expiresAt)),
    deleteSession: (id) => write((db) => void db.run('delete from sessions where id = ?', id)),
    async addressSecret(month, fresh) {
      const known = await read((db) => findSecret(db, month));
      return known ?? write((db) => makeSecret(db, month, fresh));
    },
  };
}

const putSite = `
  insert into sites (id, settings) values (?, ?)
  on conflict do update set settings = excluded.settings`;
const putKey = `
  insert into keys (id, site, name, hash, scopes, created_at, revoked_at) values (?, ?, ?, ?, ?, ?, ?)
  on conflict (id) do update set name = excluded.name, hash = excluded.hash,
    scopes = excluded.scopes, revoked_at = excluded.revoked_at`;
const putSession = `
  insert into sessions (id, site, person_id, hash, expires_at) values (?, ?, ?, ?, ?)
  on conflict (id) do update set hash = excluded.hash, expires_at = excluded.expires_at`;
const bySubject = 'select * from people where site = ? and subject = ?';
const addPerson = `
  insert into people (id, site, kind, subject, name, badges, moderator, created_at)
  values (?, ?, ?, ?, ?, ?, ?, ?)`;
const updatePerson = 'update people set name = ?, badges = ?, moderator = ? where id = ?';

function ensurePerson(db: Database, fresh: PersonRow): PersonRow {
  const { id, site, kind, subject, name, badges, moderator, createdAt } = fresh;
  const known = findPerson(db, fresh);
  if (known === null) {
    db.run(addPerson, id, site, kind, subject, name, toList(badges), Number(moderator), createdAt);
    return { ...fresh, badges: [...badges] };
  }
  db.run(updatePerson, name, toList(badges), Number(moderator), known.id);
  return { ...known, name, badges: [...badges], moderator };
}

/** By what the publisher calls them; a guest, whom nobody calls anything, by id. */
function findPerson(db: Database, { id, site, subject }: PersonRow): PersonRow | null {
  const row =
    subject === null
      ? db.get('select * from people where id = ? and site = ?', id, site)
      : db.get(bySubject, site, subject);
  return first(row, toPerson);
}

const isSame = (known: PersonRow, fresh: PersonRow): boolean =>
  known.name === fresh.name &&
  known.moderator === fresh.moderator &&
  toList(known.badges) === toList(fresh.badges);

function findSecret(db: Database, month: string): string | null {
  const row = db.get('select secret from address_secrets where month = ?', month);
  return first(row, ({ secret }) => String(secret));
}

function makeSecret(db: Database, month: string, fresh: string): string {
  db.run(
    'insert into address_secrets (month, secret) values (?, ?) on conflict do nothing',
    month,
    fresh,
  );
  return findSecret(db, month) ?? fresh;
}

const first = <T>(row: Row | undefined, convert: (row: Row) => T): T | null =>
  row === undefined ? null : convert(row);

// Columns are read as the schema has them (strict tables), so casts here only name what is known.

/** Settings that came with a later version of Sayso take their usual values. */
function toSite(row: Row): Site {
  const stored = JSON.parse(row['settings'] as string) as Site; // written by putSite
  const usual = newSite(stored.id, stored.name);
  return { ...usual, ...stored, limits: { ...usual.limits, ...stored.limits } };
}

const toKey = (row: Row): ServiceKey => ({
  id: row['id'] as string,
  site: row['site'] as string,
  name: row['name'] as string,
  hash: row['hash'] as string,
  scopes: fromList(row['scopes']),
  createdAt: row['created_at'] as number,
  revokedAt: row['revoked_at'] as number | null,
});

const toPerson = (row: Row): PersonRow => ({
  id: row['id'] as string,
  site: row['site'] as string,
  kind: row['kind'] as PersonRow['kind'],
  subject: row['subject'] as string | null,
  name: row['name'] as string,
  badges: fromList(row['badges']),
  moderator: row['moderator'] === 1,
  createdAt: row['created_at'] as number,
});

const toSession = (row: Row): SessionRow => ({
  id: row['id'] as string,
  site: row['site'] as string,
  personId: row['person_id'] as string,
  hash: row['hash'] as string,
  expiresAt: row['expires_at'] as number,
});
