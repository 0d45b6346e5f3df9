// src/contract/errors.ts
import { z } from "zod";
var entry = (status, title, cause, fix) => ({
  status,
  title,
  cause,
  fix
});
var errorTable = {
  MALFORMED_JSON: entry(
    400,
    "The body is not JSON",
    "The request body could not be read as JSON in UTF-8, is nested deeper than 8 levels, or names a forbidden key such as `__proto__`.",
    "Send one well-formed JSON object in UTF-8."
  ),
  MALFORMED_TEXT: entry(
    400,
    "The text is not well-formed",
    "A text holds a lone surrogate or U+0000 and cannot be stored as Unicode.",
    "Send well-formed Unicode."
  ),
  MALFORMED_QUERY: entry(
    400,
    "The query string is malformed",
    "A query key is repeated, has brackets, or is not well-formed percent-encoding.",
    "Send every key once, without brackets."
  ),
  UNAUTHENTICATED: entry(
    401,
    "No valid credentials",
    "The call needs a token and none was sent, or the one sent is not valid here.",
    "Open a session, or send a valid token or key as `Authorization: Bearer \u2026`."
  ),
  TOKEN_EXPIRED: entry(
    401,
    "The token has expired",
    "The access token is older than its lifetime.",
    "Exchange the refresh token (or a new SSO token) at `session` and repeat the call."
  ),
  FORBIDDEN: entry(
    403,
    "Not allowed",
    "Whoever calls may not do this.",
    "Use credentials with the right scope or role."
  ),
  BANNED: entry(
    403,
    "The author is banned",
    "A moderator has ended this author\u2019s right to post.",
    "Nothing; the message says until when."
  ),
  GUESTS_NOT_WELCOME: entry(
    403,
    "Members only",
    "This site takes comments from signed-in members only.",
    "Sign in with the publisher."
  ),
  NOT_ANNOUNCED: entry(
    403,
    "The article is not announced",
    "This site takes comments for announced articles only.",
    "Announce it with `PUT \u2026/articles/{article}` and a service key."
  ),
  EDIT_WINDOW_OVER: entry(
    403,
    "The edit window is over",
    "A comment can be edited for a few minutes after it was written.",
    "Write a new comment."
  ),
  THREAD_CLOSED: entry(
    403,
    "The thread is closed",
    "The discussion takes no new comments, replies or edits.",
    "Nothing; reading, voting and reporting go on."
  ),
  NOT_FOUND: entry(
    404,
    "Not found",
    "It does not exist here, or the caller may not know of it.",
    "Check the site, article and id."
  ),
  METHOD_NOT_ALLOWED: entry(
    405,
    "Method not allowed",
    "The address exists, but not for this method.",
    "See the `Allow` header."
  ),
  CONFLICT: entry(
    409,
    "Changed in the meantime",
    "The comment has moved on since the version that the request names.",
    "Look at the current state in `current`, and decide again."
  ),
  INVALID_TRANSITION: entry(
    409,
    "Not possible in this state",
    "The comment is in a state in which the action does not exist.",
    "Look at the current state."
  ),
  PARENT_GONE: entry(
    409,
    "The comment to be answered is gone",
    "Only an approved comment can be answered, and this one is not (any more).",
    "Post it as a comment of its own."
  ),
  BODY_TOO_LARGE: entry(
    413,
    "The body is too large",
    "The body is larger than 32 kB.",
    "Send less."
  ),
  UNSUPPORTED_MEDIA_TYPE: entry(
    415,
    "Not a JSON request",
    "The body is of another type than `application/json`, compressed, or in another charset.",
    "Send `Content-Type: application/json` in UTF-8, uncompressed."
  ),
  INVALID_INPUT: entry(
    422,
    "Some input is not valid",
    "A field is missing, unknown, of the wrong type or out of its limits; `errors` names each by its path.",
    "Correct the fields that `errors` names."
  ),
  IDEMPOTENCY_MISMATCH: entry(
    422,
    "The key was used for another body",
    "The Idempotency-Key was used before with a different request.",
    "Use a new key for a new request."
  ),
  REFUSED: entry(
    422,
    "The text was refused",
    "Screening refused the text; `detail` names the rule.",
    "Change the text as the rule asks."
  ),
  RATE_LIMITED: entry(
    429,
    "Too many requests",
    "A limit was reached.",
    "Wait `Retry-After` seconds, then repeat."
  ),
  INTERNAL: entry(
    500,
    "Something went wrong here",
    "An error of ours; it is in the log under the request id.",
    "Repeat later; give the request id to whoever runs the server."
  ),
  STORE_UNAVAILABLE: entry(
    503,
    "The store does not answer",
    "The database is down, full or too slow.",
    "Repeat after `Retry-After` seconds with the same Idempotency-Key."
  ),
  OVERLOADED: entry(
    503,
    "Too busy",
    "More requests wait than the server takes on.",
    "Repeat after `Retry-After` seconds with the same Idempotency-Key."
  ),
  SHUTTING_DOWN: entry(
    503,
    "The server is stopping",
    "The server is leaving; another will answer.",
    "Repeat after `Retry-After` seconds with the same Idempotency-Key."
  ),
  STORE_CLOSED: entry(
    503,
    "The store is closed",
    "The server has closed its database while stopping.",
    "Repeat after `Retry-After` seconds with the same Idempotency-Key."
  )
};
var errorCodes = Object.keys(errorTable);
var FieldError = z.strictObject({
  path: z.string().describe("Dotted path of the field, such as `author.name` or `query.limit`."),
  message: z.string()
}).meta({ id: "FieldError" });
var Problem = z.strictObject({
  type: z.string().describe("Address of the page that explains this code."),
  title: z.string(),
  status: z.int(),
  code: z.enum(errorCodes),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(FieldError).optional(),
  retryAfter: z.int().optional().describe("Seconds; the same as the `Retry-After` header.")
}).meta({ id: "Problem" });

// src/domain/errors.ts
var DomainError = class extends Error {
  name = "DomainError";
  code;
  details;
  constructor(code, details = {}, cause) {
    super(details.detail ?? errorTable[code].title, cause === void 0 ? void 0 : { cause });
    this.code = code;
    this.details = details;
  }
};
var invalidField = (path, message) => new DomainError("INVALID_INPUT", { errors: [{ path, message }] });

// src/store/sqlite/sqlite-store.ts
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

// src/store/thread-writer.ts
var maxBatch = 64;
function createThreadWriter(deps) {
  const { adapter, maxWaiting = 4096 } = deps;
  const queues = /* @__PURE__ */ new Map();
  let waiting = 0;
  let closed = false;
  const take = (queue, count) => {
    waiting -= count;
    queue.alone = Math.max(0, queue.alone - count);
    return queue.entries.splice(0, count);
  };
  const commitOnce = async (queue) => {
    let tried = 0;
    const peek = () => {
      const batch = queue.entries.slice(0, queue.alone > 0 ? 1 : maxBatch);
      tried = batch.length;
      return batch.map((entry2) => entry2.operation);
    };
    try {
      const results = await adapter.commit(queue.thread, peek);
      if (results.length === 0) throw new Error("A batch was settled without any result.");
      take(queue, results.length).forEach((entry2, i) => answer(entry2, results[i]));
    } catch (error) {
      const down = error instanceof DomainError && error.code === "STORE_UNAVAILABLE";
      if (down) for (const entry2 of take(queue, queue.entries.length)) entry2.reject(error);
      else if (tried > 1) queue.alone = tried;
      else for (const entry2 of take(queue, 1)) entry2.reject(error);
    }
  };
  const drain = async (key, queue) => {
    while (queue.entries.length > 0) await commitOnce(queue);
    queues.delete(key);
  };
  const enqueue = (thread, entry2) => {
    const key = `${thread.site}\0${thread.article}`;
    const found = queues.get(key);
    waiting += 1;
    if (found !== void 0) {
      found.entries.push(entry2);
      return;
    }
    const queue = { thread, entries: [entry2], alone: 0, done: Promise.resolve() };
    queues.set(key, queue);
    queue.done = drain(key, queue);
  };
  return {
    write(thread, operation) {
      if (closed) return Promise.reject(new DomainError("STORE_CLOSED"));
      if (waiting >= maxWaiting) {
        return Promise.reject(new DomainError("OVERLOADED", { retryAfter: 1 }));
      }
      return new Promise((resolve, reject) => {
        enqueue(thread, { operation, resolve, reject });
      });
    },
    async close() {
      closed = true;
      await Promise.all([...queues.values()].map((queue) => queue.done));
    }
  };
}
function answer(entry2, result) {
  if (result === void 0) entry2.reject(new Error("An operation was settled without a result."));
  else if (result.ok) entry2.resolve(result.outcome);
  else entry2.reject(result.error);
}

// src/store/sqlite/cleanup.ts
var keptMs = 7 * 24 * 36e5;
var maxRows = 1e3;
function cleanUp(db, now) {
  const oldest2 = db.all("select seq, at from changes order by seq limit ?", maxRows + 1);
  const old = oldest2.slice(0, -1).findLastIndex(({ at }) => Number(at) < now - keptMs);
  const last = oldest2[old]?.["seq"];
  if (last !== void 0) db.run("delete from changes where seq <= ?", last);
  db.run("delete from sessions where expires_at < ?", now);
  return old + 1 >= maxRows;
}

// src/domain/site.ts
var newSite = (id, name = id) => ({
  id,
  name,
  origins: [],
  guests: true,
  moderation: "open",
  knownAfter: 3,
  announcedOnly: false,
  editWindowSeconds: 300,
  staffNames: [],
  sso: null,
  reportsHide: null,
  limits: {
    guestComment: [
      { points: 1, seconds: 10 },
      { points: 5, seconds: 300 },
      { points: 30, seconds: 86400 }
    ],
    memberComment: [{ points: 10, seconds: 60 }],
    addressComment: [{ points: 60, seconds: 300 }],
    serviceComment: [{ points: 100, seconds: 1 }],
    vote: [{ points: 30, seconds: 60 }],
    report: [{ points: 5, seconds: 600 }],
    preview: [{ points: 30, seconds: 60 }]
  },
  version: 0
});

// src/store/sqlite/rows.ts
var threadColumns = [
  ...["tk", "site", "article", "title", "url", "rev", "head_rev", "at", "count", "state"],
  ...["moderation", "notice", "pinned", "closes_at", "slow_mode_seconds", "audit_head"],
  "last_ulid"
];
var commentColumns = [
  ...["id", "tk", "site", "article", "rev", "first_rev", "parent", "root", "path", "depth"],
  ...["author_id", "author_name", "author_kind", "author_badges", "source", "html", "text"],
  ...["policy", "status", "shown", "pinned", "featured", "reasons", "created_at", "edited_at"],
  ...["up", "down", "score", "replies", "reports", "idem", "body_hash", "ip_key", "fingerprint"],
  "version"
];
var threadValues = (thread) => [
  thread.tk,
  thread.site,
  thread.article,
  thread.title,
  thread.url,
  thread.rev,
  thread.headRev,
  thread.at,
  thread.count,
  thread.state,
  thread.moderation,
  thread.notice,
  toList(thread.pinned),
  thread.closesAt,
  thread.slowModeSeconds,
  thread.auditHead,
  thread.lastUlid
];
var toThread = (row) => ({
  tk: row["tk"],
  site: row["site"],
  article: row["article"],
  title: row["title"],
  url: row["url"],
  rev: row["rev"],
  headRev: row["head_rev"],
  at: row["at"],
  count: row["count"],
  state: row["state"],
  moderation: row["moderation"],
  notice: row["notice"],
  pinned: fromList(row["pinned"]),
  closesAt: row["closes_at"],
  slowModeSeconds: row["slow_mode_seconds"],
  auditHead: row["audit_head"],
  lastUlid: row["last_ulid"]
});
var commentValues = (comment) => [
  comment.id,
  comment.tk,
  comment.site,
  comment.article,
  comment.rev,
  comment.firstRev,
  comment.parentId,
  comment.rootId,
  comment.path,
  comment.depth,
  comment.author?.id ?? null,
  comment.author?.name ?? null,
  comment.author?.kind ?? null,
  comment.author ? toList(comment.author.badges) : null,
  comment.source,
  comment.html,
  comment.text,
  comment.policy,
  comment.status,
  comment.shown === null ? null : Number(comment.shown),
  Number(comment.pinned),
  Number(comment.featured),
  toList(comment.reasons),
  comment.createdAt,
  comment.editedAt,
  comment.up,
  comment.down,
  comment.score,
  comment.replies,
  comment.reports,
  comment.idem,
  comment.bodyHash,
  comment.ipKey,
  comment.fingerprint,
  comment.version
];
var toComment = (row) => ({
  id: row["id"],
  tk: row["tk"],
  site: row["site"],
  article: row["article"],
  rev: row["rev"],
  firstRev: row["first_rev"],
  parentId: row["parent"],
  rootId: row["root"],
  path: row["path"],
  depth: row["depth"],
  author: toAuthor(row),
  source: row["source"],
  html: row["html"],
  text: row["text"],
  policy: row["policy"],
  status: row["status"],
  shown: row["shown"] === null ? null : row["shown"] === 1,
  pinned: row["pinned"] === 1,
  featured: row["featured"] === 1,
  reasons: fromList(row["reasons"]),
  createdAt: row["created_at"],
  editedAt: row["edited_at"],
  up: row["up"],
  down: row["down"],
  score: row["score"],
  replies: row["replies"],
  reports: row["reports"],
  idem: row["idem"],
  bodyHash: row["body_hash"],
  ipKey: row["ip_key"],
  fingerprint: row["fingerprint"],
  version: row["version"]
});
var toChange = (row) => {
  const tk = row["tk"];
  return {
    tk,
    site: row["site"],
    rev: row["rev"],
    at: row["at"],
    head: row["head"] === 1,
    ids: fromIds(tk, row["ids"]),
    counted: fromIds(tk, row["counted"]),
    desk: fromIds(tk, row["desk"])
  };
};
var changeValues = (change) => [
  change.tk,
  change.rev,
  change.at,
  Number(change.head),
  toIds(change.tk, change.ids),
  toIds(change.tk, change.counted),
  toIds(change.tk, change.desk)
];
var auditColumns = [
  ...["id", "site", "tk", "rev", "at", "by_id", "by_name", "by_kind", "action", "target"],
  ...["before", "after", "reason", "note", "prev", "hash"]
];
var auditValues = (entry2) => [
  entry2.id,
  entry2.site,
  entry2.tk,
  entry2.rev,
  entry2.at,
  entry2.by.id,
  entry2.by.name,
  entry2.by.kind,
  entry2.action,
  entry2.target,
  JSON.stringify(entry2.before),
  JSON.stringify(entry2.after),
  entry2.reason,
  entry2.note,
  entry2.prev,
  entry2.hash
];
var toAuditEntry = (row) => ({
  id: row["id"],
  site: row["site"],
  tk: row["tk"],
  rev: row["rev"],
  at: row["at"],
  by: {
    id: row["by_id"],
    name: row["by_name"],
    kind: row["by_kind"]
  },
  action: row["action"],
  target: row["target"],
  before: JSON.parse(row["before"]),
  after: JSON.parse(row["after"]),
  reason: row["reason"],
  note: row["note"],
  prev: row["prev"],
  hash: row["hash"]
});
var toEarlierText = (row) => ({
  commentId: row["comment_id"],
  tk: row["comment_id"].slice(0, 16),
  version: row["version"],
  at: row["at"],
  source: row["source"],
  html: row["html"]
});
var toList = (list) => list.length === 0 ? "[]" : JSON.stringify(list);
var fromList = (json) => json === "[]" ? [] : JSON.parse(json);
var toIds = (tk, ids2) => ids2.map((id) => id.slice(tk.length)).join(" ");
var fromIds = (tk, joined) => joined === "" ? [] : joined.split(" ").map((ulid) => tk + ulid);
function toAuthor(row) {
  if (row["author_id"] === null) return null;
  return {
    id: row["author_id"],
    name: row["author_name"],
    kind: row["author_kind"],
    badges: fromList(row["author_badges"])
  };
}

// src/store/sqlite/directory.ts
function createDirectory({ read, write }) {
  return {
    getSite: (id) => read((db) => first(db.get("select * from sites where id = ?", id), toSite)),
    listSites: () => read((db) => db.all("select * from sites order by id").map(toSite)),
    putSite: (site) => write((db) => void db.run(putSite, site.id, JSON.stringify(site))),
    findKey: (hash) => read((db) => first(db.get("select * from keys where hash = ?", hash), toKey)),
    listKeys: (site) => read(
      (db) => db.all("select * from keys where site = ifnull(?, site) order by id", site).map(toKey)
    ),
    putKey: ({ id, site, name, hash, scopes, createdAt, revokedAt }) => write(
      (db) => void db.run(putKey, id, site, name, hash, toList(scopes), createdAt, revokedAt)
    ),
    getPerson: (site, id) => read(
      (db) => first(db.get("select * from people where id = ? and site = ?", id, site), toPerson)
    ),
    async ensurePerson(fresh) {
      const known = await read((db) => findPerson(db, fresh));
      if (known !== null && isSame(known, fresh)) return known;
      return write((db) => ensurePerson(db, fresh));
    },
    findSession: (hash) => read((db) => first(db.get("select * from sessions where hash = ?", hash), toSession)),
    putSession: ({ id, site, personId, hash, expiresAt }) => write((db) => void db.run(putSession, id, site, personId, hash, expiresAt)),
    deleteSession: (id) => write((db) => void db.run("delete from sessions where id = ?", id)),
    async addressSecret(month, fresh) {
      const known = await read((db) => findSecret(db, month));
      return known ?? write((db) => makeSecret(db, month, fresh));
    }
  };
}
var putSite = `
  insert into sites (id, settings) values (?, ?)
  on conflict do update set settings = excluded.settings`;
var putKey = `
  insert into keys (id, site, name, hash, scopes, created_at, revoked_at) values (?, ?, ?, ?, ?, ?, ?)
  on conflict (id) do update set name = excluded.name, hash = excluded.hash,
    scopes = excluded.scopes, revoked_at = excluded.revoked_at`;
var putSession = `
  insert into sessions (id, site, person_id, hash, expires_at) values (?, ?, ?, ?, ?)
  on conflict (id) do update set hash = excluded.hash, expires_at = excluded.expires_at`;
var addPerson = `
  insert into people (id, site, kind, subject, name, badges, moderator, created_at)
  values (?, ?, ?, ?, ?, ?, ?, ?)`;
var updatePerson = "update people set name = ?, badges = ?, moderator = ? where id = ?";
function ensurePerson(db, fresh) {
  const { id, site, kind, subject, name, badges, moderator, createdAt } = fresh;
  const known = findPerson(db, fresh);
  if (known === null) {
    db.run(addPerson, id, site, kind, subject, name, toList(badges), Number(moderator), createdAt);
    return { ...fresh, badges: [...badges] };
  }
  db.run(updatePerson, name, toList(badges), Number(moderator), known.id);
  return { ...known, name, badges: [...badges], moderator };
}
function findPerson(db, { id, site, subject }) {
  const row = subject === null ? db.get("select * from people where id = ? and site = ?", id, site) : db.get("select * from people where site = ? and subject = ?", site, subject);
  return first(row, toPerson);
}
var isSame = (known, fresh) => known.name === fresh.name && known.moderator === fresh.moderator && toList(known.badges) === toList(fresh.badges);
function findSecret(db, month) {
  const row = db.get("select secret from address_secrets where month = ?", month);
  return first(row, ({ secret }) => String(secret));
}
function makeSecret(db, month, fresh) {
  db.run(
    "insert into address_secrets (month, secret) values (?, ?) on conflict do nothing",
    month,
    fresh
  );
  return findSecret(db, month) ?? fresh;
}
var first = (row, convert) => row === void 0 ? null : convert(row);
function toSite(row) {
  const stored = JSON.parse(row["settings"]);
  const usual = newSite(stored.id, stored.name);
  return { ...usual, ...stored, limits: { ...usual.limits, ...stored.limits } };
}
var toKey = (row) => ({
  id: row["id"],
  site: row["site"],
  name: row["name"],
  hash: row["hash"],
  scopes: fromList(row["scopes"]),
  createdAt: row["created_at"],
  revokedAt: row["revoked_at"]
});
var toPerson = (row) => ({
  id: row["id"],
  site: row["site"],
  kind: row["kind"],
  subject: row["subject"],
  name: row["name"],
  badges: fromList(row["badges"]),
  moderator: row["moderator"] === 1,
  createdAt: row["created_at"]
});
var toSession = (row) => ({
  id: row["id"],
  site: row["site"],
  personId: row["person_id"],
  hash: row["hash"],
  expiresAt: row["expires_at"]
});

// src/store/sqlite/driver.ts
import { createRequire } from "node:module";
var hasBuiltIn = (version) => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 22 || major === 22 && minor >= 13;
};
function openDatabase(path) {
  const binding = new (loadConstructor())(path);
  const statements = /* @__PURE__ */ new Map();
  const prepared = (sql, values) => {
    let found = statements.get(sql);
    if (found === void 0) {
      found = { statement: binding.prepare(sql), values: sql.split("?").length - 1 };
      statements.set(sql, found);
    }
    if (values.length !== found.values) throw new TypeError(`${found.values} values for: ${sql}`);
    for (const value of values) if (typeof value === "string") refuseMalformed(value);
    return found.statement;
  };
  return {
    exec: (sql) => binding.exec(sql),
    run: (sql, ...values) => Number(prepared(sql, values).run(...values).lastInsertRowid),
    get: (sql, ...values) => prepared(sql, values).get(...values),
    all: (sql, ...values) => prepared(sql, values).all(...values),
    close() {
      statements.clear();
      binding.close();
    }
  };
}
function refuseMalformed(text2) {
  if (text2.includes("\0") || !text2.isWellFormed()) throw new DomainError("MALFORMED_TEXT");
}
function loadConstructor() {
  const require2 = createRequire(import.meta.url);
  const name = hasBuiltIn(process.versions.node) ? "node:sqlite" : "@photostructure/sqlite";
  return require2(name).DatabaseSync;
}

// src/store/sqlite/errors.ts
var busyCodes = /* @__PURE__ */ new Set([5, 6]);
var downCodes = /* @__PURE__ */ new Set([7, 8, 10, 11, 13, 14, 26]);
var isBusy = (error) => busyCodes.has(primaryCode(error));
var isDown = (error) => downCodes.has(primaryCode(error));
function toStoreError(error) {
  if (!isBusy(error) && !isDown(error)) return error;
  return new DomainError("STORE_UNAVAILABLE", { retryAfter: 1 }, error);
}
function primaryCode(error) {
  if (!(error instanceof Error) && !isErrorLike(error)) return -1;
  const errcode = Reflect.get(error, "errcode");
  return typeof errcode === "number" ? errcode & 255 : -1;
}
var isErrorLike = (value) => typeof value === "object" && value !== null;

// src/store/sqlite/group-commit.ts
function createGroupCommit(deps) {
  const { db, pauseMs, maxMs } = deps;
  const jobs = [];
  const idle = [];
  let scheduled = false;
  let endedAt = -Infinity;
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    const waitMs = Math.ceil(endedAt + pauseMs - performance.now());
    if (waitMs > 0) setTimeout(flush, waitMs);
    else setImmediate(flush);
  };
  const flush = () => {
    scheduled = false;
    if (begin()) transact();
    endedAt = performance.now();
    if (jobs.length > 0) schedule();
    else for (const resolve of idle.splice(0)) resolve();
  };
  const begin = () => {
    try {
      db.run("begin immediate");
      return true;
    } catch (error) {
      const patience = isBusy(error) ? performance.now() - maxWaitMs : Infinity;
      const late = jobs.filter((job) => job.since <= patience);
      jobs.splice(0, jobs.length, ...jobs.filter((job) => job.since > patience));
      for (const job of late) job.reject(toStoreError(error));
      return false;
    }
  };
  const transact = () => {
    const taken = [];
    const done = [];
    try {
      const until = performance.now() + maxMs;
      do {
        const job = jobs.shift();
        if (job === void 0) break;
        taken.push(job);
        attempt(db, job, done);
      } while (performance.now() < until);
      db.run("commit");
    } catch (error) {
      rollBack(db);
      for (const job of taken) job.reject(toStoreError(error));
      return;
    }
    for (const { tell } of done) tell();
    for (const { answer: answer2 } of done) answer2();
  };
  return {
    run: (job, committed) => new Promise((resolve, reject) => {
      const work = () => {
        const result = job();
        return { tell: () => committed?.(result), answer: () => resolve(result) };
      };
      jobs.push({ since: performance.now(), work, reject });
      schedule();
    }),
    drain: () => jobs.length === 0 && !scheduled ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))
  };
}
var maxWaitMs = 1800;
function attempt(db, job, done) {
  db.run("savepoint job");
  try {
    done.push(job.work());
  } catch (error) {
    if (isDown(error)) throw error;
    db.run("rollback to job");
    job.reject(error instanceof DomainError ? error : toStoreError(error));
  }
  db.run("release job");
}
function rollBack(db) {
  try {
    db.run("rollback");
  } catch {
  }
}

// src/store/sqlite/lock.ts
function claim(path) {
  const lock = openDatabase(`${path}.lock`);
  try {
    lock.exec(
      "pragma locking_mode = exclusive; pragma journal_mode = memory; begin exclusive; create table if not exists owner(pid); commit"
    );
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new DomainError(
      "STORE_UNAVAILABLE",
      {
        detail: `Another Sayso server is running on ${path}. Stop it first, or use MongoDB to run several servers on one store.`
      },
      error
    );
  }
  return () => lock.close();
}

// src/store/cursor.ts
var ulidId = /^[0-9A-Za-z]{42}$/;
var encodeCursor = (kind, ...keys) => Buffer.from(JSON.stringify([kind.charAt(0), ...keys])).toString("base64url");
function decodeIdCursor(kind, cursor) {
  const [letter, id, ...rest] = parse(cursor);
  if (letter !== kind.charAt(0) || !isId(id) || rest.length > 0) throw unreadable();
  return id;
}
function decodeRankCursor(kind, cursor) {
  const [letter, rank, id, ...rest] = parse(cursor);
  if (letter !== kind.charAt(0) || !Number.isSafeInteger(rank) || !isId(id) || rest.length > 0) {
    throw unreadable();
  }
  return [Number(rank), id];
}
var unreadable = () => invalidField(
  "query.cursor",
  "Not a cursor of this list: use `next` of the page before as it is."
);
var isId = (value) => typeof value === "string" && ulidId.test(value);
function parse(cursor) {
  try {
    const keys = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(keys) ? keys : [];
  } catch {
    return [];
  }
}

// src/store/sqlite/read-thread.ts
function readThread(db, tk) {
  const row = db.get("select * from threads where tk = ?", tk);
  return row === void 0 ? null : toThread(row);
}
function readComment(db, tk, id) {
  if (!id.startsWith(tk)) return null;
  const row = db.get("select * from comments where id = ? and tk = ?", id, tk);
  return row === void 0 ? null : toComment(row);
}
function readComments(db, tk, ids2) {
  return [...ids2].flatMap((id) => readComment(db, tk, id) ?? []);
}
function findRepeat(db, tk, idem) {
  const row = db.get("select * from comments where tk = ? and idem = ?", tk, idem);
  return row === void 0 ? null : toComment(row);
}
function readBranch(db, tk, page) {
  const thread = readThread(db, tk);
  const after2 = page.cursor === null ? null : decodeIdCursor("branch", page.cursor);
  const parent = readComment(db, tk, page.parentId);
  if (parent === null) return { thread, rows: [], next: null };
  const from = after2 === null ? parent.path : readComment(db, tk, after2)?.path;
  if (from?.startsWith(parent.path) !== true) throw unreadable();
  return { thread, ...readBelow(db, parent, page.limit, from) };
}
function readBelow(db, parent, limit, from = parent.path) {
  const found = db.all(
    below,
    parent.tk,
    maxPath(from, `${parent.path}/`),
    `${parent.path}0`,
    limit + 1
  );
  const rows = found.slice(0, limit).map(toComment);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last ? encodeCursor("branch", last.id) : null };
}
var maxPath = (a, b) => a > b ? a : b;
var below = `
  select * from comments where tk = ? and path > ? and path < ? and parent is not null and shown = 1
  order by path limit ?`;
function readContext(db, tk, id) {
  const thread = readThread(db, tk);
  const comment = readComment(db, tk, id);
  if (thread === null || comment === null) return null;
  const ulids = comment.path.split("/").slice(0, -1);
  return {
    thread,
    comment,
    ancestors: ulids.flatMap((ulid) => {
      const above = readComment(db, tk, tk + ulid);
      return above?.shown === true ? [above] : [];
    }),
    siblings: readSiblings(db, comment),
    replies: readBelow(db, comment, 20).rows
  };
}
function readSiblings(db, { tk, id, parentId }) {
  const before = parentId === null ? db.all(rootsBefore, tk, id) : db.all(siblingsBefore, parentId, id);
  const after2 = parentId === null ? db.all(rootsAfter, id, `${tk}~`) : db.all(siblingsAfter, parentId, id);
  return [...before.toReversed(), ...after2].map(toComment);
}
var rootsBefore = `
  select * from comments where parent is null and shown = 1 and id > ? and id < ?
  order by id desc limit 2`;
var rootsAfter = `
  select * from comments where parent is null and shown = 1 and id > ? and id < ?
  order by id limit 2`;
var siblingsBefore = `
  select * from comments where parent = ? and shown = 1 and id < ? order by id desc limit 2`;
var siblingsAfter = `
  select * from comments where parent = ? and shown = 1 and id > ? order by id limit 2`;
var readEarlierTexts = (db, commentId) => db.all("select * from earlier_texts where comment_id = ? order by version", commentId).map(toEarlierText);
var readAudit = (db, tk) => db.all("select * from audit where tk = ? order by seq", tk).map(toAuditEntry);
function readHeads(db, tks) {
  const sql = `
    select tk, count, rev from threads where tk in (select value from json_each(?))`;
  return new Map(
    db.all(sql, JSON.stringify(tks)).map(({ tk, count, rev }) => [String(tk), { count: Number(count), rev: Number(rev) }])
  );
}

// src/store/sqlite/read-author.ts
function readMine(db, tk, authorId, repliesSince) {
  const thread = readThread(db, tk);
  if (thread === null) return { thread, votes: /* @__PURE__ */ new Map(), held: [], replies: [] };
  const own = [thread.site, authorId, tk, `${tk}~`];
  const voted = db.all(votes, authorId, tk, `${tk}~`);
  return {
    thread,
    votes: new Map(
      voted.map((row) => [row["comment_id"], row["value"]])
      // as written
    ),
    held: db.all(held, ...own).map(toComment),
    replies: repliesSince === null ? [] : db.all(replies, ...own, repliesSince, authorId).map(toComment)
  };
}
var votes = `
  select comment_id, value from votes
  where actor_id = ? and comment_id > ? and comment_id < ? and value <> 0
  order by comment_id desc limit 100`;
var held = `
  select * from comments
  where site = ? and author_id = ? and status in ('pending', 'rejected', 'spam') and id > ? and id < ?
  order by id desc limit 100`;
var replies = `
  select reply.* from comments own join comments reply on reply.parent = own.id and reply.shown = 1
  where own.site = ? and own.author_id = ? and own.status in ('approved', 'pending', 'rejected', 'spam')
    and own.id > ? and own.id < ?
    and reply.status = 'approved' and reply.first_rev > ? and reply.author_id is not ?
  order by reply.id desc limit 100`;
function readHistory(db, site, authorId, fingerprint, now) {
  const known = db.get(approved, site, authorId);
  const same = fingerprint === null ? void 0 : db.get(sameText, now - 3e5, authorId, site, fingerprint, now - 36e5);
  return {
    approved: Number(known?.["total"]),
    sameByAuthor: Number(same?.["by_author"] ?? 0),
    sameOnSite: Number(same?.["total"] ?? 0)
  };
}
var approved = `
  select count(*) total from (
    select 1 from comments where site = ? and author_id = ? and status = 'approved' limit 1000)`;
var sameText = `
  select count(*) total, sum(created_at >= ? and author_id is ?) by_author
  from comments where site = ? and fingerprint = ? and created_at >= ?`;

// src/store/sqlite/read-log.ts
var maxChanges = 1e3;
function readLog(db, tk, since, maxIds) {
  const thread = readThread(db, tk);
  if (thread === null) return { thread, changes: [], comments: [], more: false };
  const changes = [];
  const named = /* @__PURE__ */ new Set();
  const found = db.all(after, thread.site, tk, since, maxChanges + 1);
  for (const row of found.slice(0, maxChanges)) {
    const change = toChange(row);
    const fresh = [...change.ids, ...change.counted].filter((id) => !named.has(id));
    if (changes.length > 0 && named.size + fresh.length > maxIds) break;
    for (const id of fresh) named.add(id);
    changes.push(change);
  }
  return {
    thread,
    changes,
    comments: readComments(db, tk, named),
    more: changes.length < found.length
  };
}
var after = "select *, ? as site from changes where tk = ? and rev > ? order by rev limit ?";

// src/store/sqlite/read-page.ts
function readPage(db, tk, page) {
  const found = readRoots(db, tk, page);
  const rows = found.slice(0, page.limit).map(toComment);
  const last = found.length > page.limit ? rows.at(-1) : void 0;
  return {
    thread: readThread(db, tk),
    rows,
    next: last === void 0 ? null : cursorAt(page.sort, last),
    replies: new Map(rows.map((root) => [root.id, readPreview(db, root, page.previews)]))
  };
}
function readPreview(db, root, previews) {
  if (root.replies === 0 || previews === 0) return { rows: [], next: null };
  return readBelow(db, root, previews);
}
function readRoots(db, tk, page) {
  const { sort, cursor, limit } = page;
  switch (sort) {
    case "newest": {
      const before = cursor === null ? `${tk}~` : within(tk, decodeIdCursor(sort, cursor));
      return db.all(newest, tk, before, limit + 1);
    }
    case "oldest": {
      const after2 = cursor === null ? tk : within(tk, decodeIdCursor(sort, cursor));
      return db.all(oldest, after2, `${tk}~`, limit + 1);
    }
    case "top":
    case "replies": {
      const column = rankColumns[sort];
      if (cursor === null) return db.all(ranked(column, ""), tk, limit + 1);
      const [rank, id] = decodeRankCursor(sort, cursor);
      return db.all(ranked(column, `and (${column}, id) < (?, ?)`), tk, rank, id, limit + 1);
    }
  }
}
var within = (tk, id) => id < tk ? tk : id > `${tk}~` ? `${tk}~` : id;
var cursorAt = (sort, last) => sort === "newest" || sort === "oldest" ? encodeCursor(sort, last.id) : encodeCursor(sort, last[rankColumns[sort]], last.id);
var rankColumns = { top: "score", replies: "replies" };
var newest = `
  select * from comments where parent is null and shown = 1 and id > ? and id < ?
  order by id desc limit ?`;
var oldest = `
  select * from comments where parent is null and shown = 1 and id > ? and id < ?
  order by id limit ?`;
var ranked = (column, after2) => `
  select * from comments where parent is null and shown = 1 and tk = ? ${after2}
  order by ${column} desc, id desc limit ?`;

// src/store/sqlite/schema.ts
var migrations = [
  `
  create table threads (
    tk text primary key, site text not null, article text not null, title text, url text,
    rev integer not null, head_rev integer not null, at integer not null, count integer not null,
    state text not null, moderation text, notice text, pinned text not null, closes_at integer,
    slow_mode_seconds integer not null, audit_head text not null, last_ulid text not null
  ) strict, without rowid;

  create table comments (
    id text not null unique, tk text not null references threads(tk), site text not null,
    article text not null, rev integer not null, first_rev integer, parent text, root text not null,
    path text not null, depth integer not null, author_id text, author_name text, author_kind text,
    author_badges text, source text not null, html text not null, text text not null,
    policy integer not null, status text not null, shown integer, pinned integer not null,
    featured integer not null, reasons text not null, created_at integer not null, edited_at integer,
    up integer not null, down integer not null, score integer not null, replies integer not null,
    reports integer not null, idem text, body_hash text, ip_key text, fingerprint text,
    version integer not null
  ) strict;
  create unique index comments_idem on comments(tk, idem) where idem is not null;
  create index comments_roots on comments(id) where parent is null and shown = 1;
  create index comments_top on comments(tk, score, id) where parent is null and shown = 1;
  create index comments_replies on comments(tk, replies, id) where parent is null and shown = 1;
  create index comments_path on comments(tk, path) where parent is not null and shown = 1;
  create index comments_parent on comments(parent, id) where parent is not null and shown = 1;
  create index comments_author on comments(site, author_id, status, id) where author_id is not null;
  create index comments_fingerprint on comments(site, fingerprint, created_at)
    where fingerprint is not null;

  create table changes (
    seq integer primary key, tk text not null references threads(tk), rev integer not null,
    at integer not null, head integer not null, ids text not null, counted text not null,
    desk text not null
  ) strict;
  create unique index changes_rev on changes(tk, rev);

  create table votes (
    comment_id text not null references comments(id), actor_id text not null, value integer not null,
    primary key (comment_id, actor_id)
  ) strict, without rowid;
  create index votes_actor on votes(actor_id, comment_id);

  create table reports (
    comment_id text not null references comments(id), ip_key text not null, actor_id text not null,
    at integer not null, reason text not null, text text not null,
    primary key (comment_id, ip_key)
  ) strict, without rowid;

  create table earlier_texts (
    comment_id text not null references comments(id), version integer not null,
    at integer not null, source text not null, html text not null,
    primary key (comment_id, version)
  ) strict, without rowid;

  create table audit (
    seq integer primary key, id text not null unique, site text not null,
    tk text not null references threads(tk), rev integer not null, at integer not null,
    by_id text not null, by_name text not null, by_kind text not null, action text not null,
    target text, before text not null, after text not null, reason text, note text,
    prev text not null, hash text not null
  ) strict;
  create index audit_thread on audit(tk, seq);

  create table sites (id text primary key, settings text not null) strict, without rowid;
  create table keys (
    id text primary key, site text not null, name text not null, hash text not null unique,
    scopes text not null, created_at integer not null, revoked_at integer
  ) strict, without rowid;
  create table people (
    id text primary key, site text not null, kind text not null, subject text, name text not null,
    badges text not null, moderator integer not null, created_at integer not null
  ) strict, without rowid;
  create unique index people_subject on people(site, subject) where subject is not null;
  create table sessions (
    id text primary key, site text not null, person_id text not null, hash text not null unique,
    expires_at integer not null
  ) strict, without rowid;
  create index sessions_expiry on sessions(expires_at);
  create table address_secrets (month text primary key, secret text not null) strict, without rowid;
  `
];
function migrate(db, steps = migrations) {
  refuseNewer(schemaVersion(db), steps.length);
  while (schemaVersion(db) < steps.length) {
    db.exec("begin immediate");
    try {
      const version = schemaVersion(db);
      const step = steps[version];
      if (step !== void 0) db.exec(`${step}; pragma user_version = ${version + 1}`);
      db.exec("commit");
    } catch (error) {
      db.exec("rollback");
      throw error;
    }
  }
}
var schemaVersion = (db) => Number(db.get("pragma user_version")?.["user_version"]);
function refuseNewer(found, known) {
  if (found <= known) return;
  throw new DomainError("STORE_UNAVAILABLE", {
    detail: `The database has schema ${found}, this version of Sayso knows ${known}. Start the newer version, or restore a backup made by this one.`
  });
}

// src/store/sqlite/watch.ts
var maxRead = 500;
function createWatch(db) {
  const listeners = /* @__PURE__ */ new Set();
  let seen = Number(db.get("select max(seq) seq from changes")?.["seq"] ?? 0);
  let version = dataVersion(db);
  const tell = (notice) => {
    for (const listener of [...listeners]) {
      try {
        listener(notice);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };
  const tellOthers = (below2) => {
    const rows = listeners.size === 0 ? [] : db.all(between, seen, below2, maxRead);
    for (const row of rows) tell(toForeignNotice(row));
    const last = rows.at(-1);
    if (rows.length < maxRead || last === void 0) return true;
    seen = Number(last["seq"]);
    return false;
  };
  const poll = () => {
    const present = dataVersion(db);
    if (present === version) return;
    const newest2 = Number(db.get("select max(seq) seq from changes")?.["seq"] ?? 0);
    if (!tellOthers(newest2 + 1)) return;
    seen = Math.max(seen, newest2);
    version = present;
  };
  return {
    add(listener) {
      const own = (notice) => listener(notice);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    committed({ seq, notice }) {
      while (seq > seen + 1 && !tellOthers(seq)) ;
      seen = Math.max(seen, seq);
      tell(notice);
    },
    poll
  };
}
var dataVersion = (db) => Number(db.get("pragma data_version")?.["data_version"]);
var between = `
  select changes.*, threads.site, threads.article from changes join threads using (tk)
  where seq > ? and seq < ? order by seq limit ?`;
function toForeignNotice(row) {
  const change = toChange(row);
  const { tk, site, rev } = change;
  return { tk, site, article: String(row["article"]), rev, change, thread: null, comments: null };
}

// src/domain/audit.ts
import { createHash } from "node:crypto";
var chain = (draft, prev) => ({
  ...draft,
  prev,
  hash: hashEntry(draft, prev)
});
var saltedHash = (salt, text2) => createHash("sha256").update(`${salt}\0${text2}`).digest("hex");
var hashEntry = (draft, prev) => createHash("sha256").update(canonical({ ...draft, prev })).digest("hex");
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, field]) => field !== void 0).sort(([a], [b]) => a < b ? -1 : 1).map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.join(",")}}`;
}

// src/domain/comment.ts
var table = {
  pending: { approve: "approved", reject: "rejected", spam: "spam", delete: "deleted" },
  approved: { reject: "rejected", spam: "spam", hold: "pending", delete: "deleted" },
  rejected: { approve: "approved", spam: "spam", hold: "pending", delete: "deleted" },
  spam: { approve: "approved", reject: "rejected", hold: "pending", delete: "deleted" },
  deleted: {}
};
var transition = (status, action) => table[status][action] ?? null;
var ancestorIds = (comment) => comment.path.split("/").slice(0, -1).map((ulid) => comment.tk + ulid);

// src/domain/draft.ts
function createDraft(before, rows, now) {
  const rev = before.rev + 1;
  let thread = before;
  let head = false;
  let bytes = 0;
  const touches = /* @__PURE__ */ new Map();
  const comments = new Map(rows.comments);
  const repeats = new Map(rows.repeats);
  const votes2 = new Map(rows.votes);
  const reported = new Set(rows.reports);
  const lastPostAt = new Map(rows.lastPostAt);
  const written = {
    votes: /* @__PURE__ */ new Map(),
    reports: [],
    earlier: [],
    erased: [],
    audit: []
  };
  const touch = (id, kind) => {
    const known = touches.get(id);
    if (known === "ids" || known === "counted" && kind === "desk") return;
    touches.set(id, kind);
  };
  const put = (comment, kind) => {
    const isNew = !comments.has(comment.id);
    touch(comment.id, kind);
    comments.set(comment.id, kind !== "desk" || isNew ? { ...comment, rev } : comment);
    if (comment.idem !== null) repeats.set(comment.idem, comment);
    if (isNew && comment.author !== null) lastPostAt.set(comment.author.id, comment.createdAt);
    if (kind !== "counted") bytes += comment.html.length;
  };
  const setHead = (fields) => {
    thread = { ...thread, ...fields };
    head = true;
  };
  const countApproved = (comment, by) => {
    setHead({ count: thread.count + by });
    for (const id of ancestorIds(comment)) {
      const above = comments.get(id);
      if (above !== void 0) put(...recounted(above, by));
    }
  };
  return {
    rev,
    now,
    thread: () => thread,
    setThread: (fields) => {
      thread = { ...thread, ...fields };
    },
    setHead,
    comment: (id) => comments.get(id) ?? null,
    repeat: (idem) => {
      const known = repeats.get(idem);
      return known === void 0 ? null : comments.get(known.id) ?? known;
    },
    vote: (key) => votes2.get(key) ?? 0,
    hasReport: (key) => reported.has(key),
    lastPostAt: (authorId) => lastPostAt.get(authorId) ?? null,
    decision: (id) => rows.decisions.get(id) ?? null,
    put,
    countApproved,
    addVote: (vote2) => {
      const key = `${vote2.commentId}:${vote2.actorId}`;
      votes2.set(key, vote2.value);
      written.votes.set(key, vote2);
    },
    addReport: (report2) => {
      reported.add(`${report2.commentId}:${report2.ipKey}`);
      written.reports.push(report2);
    },
    addEarlier: (text2) => written.earlier.push(text2),
    erase: (id) => written.erased.push(id),
    addAudit: (entry2) => {
      const { site, tk } = thread;
      const chained = chain({ ...entry2, site, tk, rev, at: now }, thread.auditHead);
      written.audit.push(chained);
      thread = { ...thread, auditHead: chained.hash };
    },
    touched: () => touches.size,
    htmlBytes: () => bytes,
    finish: () => {
      const change = toChange2(thread, rev, now, head, touches);
      return {
        change,
        thread: change === null ? before : { ...thread, rev, at: now, headRev: head ? rev : thread.headRev },
        comments: [...touches.keys()].flatMap((id) => comments.get(id) ?? []),
        votes: [...written.votes.values()],
        reports: written.reports,
        earlier: written.earlier,
        erased: written.erased,
        audit: written.audit
      };
    }
  };
}
function recounted(above, by) {
  const replies2 = above.replies + by;
  if (above.status === "approved") return [{ ...above, replies: replies2 }, "counted"];
  const shown = replies2 > 0 ? true : above.shown === null ? null : false;
  return [{ ...above, replies: replies2, shown }, shown === above.shown ? "counted" : "ids"];
}
function toChange2(thread, rev, at, head, touches) {
  if (touches.size === 0 && !head) return null;
  const of = (kind) => [...touches].filter(([, touch]) => touch === kind).map(([id]) => id);
  return {
    tk: thread.tk,
    site: thread.site,
    rev,
    at,
    head,
    ids: of("ids"),
    counted: of("counted"),
    desk: of("desk")
  };
}

// src/contract/comment.ts
import { z as z2 } from "zod";

// src/contract/limits.ts
var limits = {
  /** Characters (UTF-16 code units) of a comment as typed. */
  sourceChars: 1e4,
  /** Bytes (UTF-8) of a rendered comment. */
  htmlBytes: 64 * 1024,
  /** Graphemes of a display name. */
  nameGraphemes: 40,
  /** Characters of a publisher's article id. */
  articleChars: 200,
  /** Characters of an article's title. */
  titleChars: 300,
  /** Characters of an article's address, and of a link in a comment. */
  urlChars: 2048,
  /** Characters of the words that go with a report. */
  reportChars: 500,
  /** Characters of an Idempotency-Key. */
  idempotencyKeyChars: 255,
  /** Replies below replies: the deepest `depth` of a comment. */
  depth: 32,
  /** Items of one page, and of one answer of `changes`. */
  pageItems: 100,
  /** Items of a page when nothing is asked for. */
  pageItemsDefault: 20,
  /** Replies that a root of a page carries. */
  replyPreview: 3,
  /** Bytes of items in one frame or one answer of `changes`. */
  changesBytes: 128 * 1024,
  /** Seconds that `changes?wait=` may hold a request. */
  waitSeconds: 25,
  /** Articles in one request for counts. */
  countedArticles: 100,
  /** Bytes of a JSON body. */
  bodyBytes: 32 * 1024,
  /** Nesting of a JSON body. */
  bodyDepth: 8,
  /** Bytes of one Socket.IO message from a client. */
  socketMessageBytes: 16 * 1024,
  /** Rooms of one socket. */
  roomsPerSocket: 20
};

// src/contract/comment.ts
var Timestamp = z2.iso.datetime({ precision: 3 }).meta({ id: "Timestamp" });
var Status = z2.enum(["pending", "approved", "rejected", "spam", "deleted"]).meta({ id: "Status" });
var AuthorKind = z2.enum(["guest", "member", "moderator", "service"]);
var AuthorView = z2.strictObject({
  id: z2.string(),
  name: z2.string(),
  kind: AuthorKind,
  badges: z2.array(z2.string())
}).meta({ id: "Author" });
var Reason = z2.strictObject({ rule: z2.string(), message: z2.string() }).meta({ id: "Reason" });
var CommentView = z2.strictObject({
  id: z2.string(),
  site: z2.string(),
  article: z2.string(),
  parentId: z2.string().nullable(),
  rootId: z2.string().describe("The root of its branch; a root names itself."),
  depth: z2.int().min(0).max(limits.depth),
  author: AuthorView,
  html: z2.string(),
  status: Status,
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
  pinned: z2.boolean(),
  featured: z2.boolean(),
  score: z2.int(),
  up: z2.int(),
  down: z2.int(),
  replyCount: z2.int().describe("Approved comments below it, at any depth."),
  rev: z2.int().describe("Revision of the thread that last touched it."),
  firstRev: z2.int().nullable().describe("Revision in which it first became public."),
  source: z2.string().optional().describe("As typed; its author only."),
  editableUntil: Timestamp.optional().describe("Its author only."),
  mine: z2.literal(true).optional().describe("Its author only."),
  reasons: z2.array(Reason).optional().describe("Why it waits or was hidden; its author only.")
}).meta({ id: "Comment" });
var Tombstone = z2.strictObject({
  id: z2.string(),
  parentId: z2.string().nullable(),
  rootId: z2.string(),
  depth: z2.int(),
  createdAt: Timestamp,
  replyCount: z2.int(),
  status: z2.literal("deleted"),
  rev: z2.int()
}).meta({ id: "Tombstone" });
var Gone = z2.strictObject({ id: z2.string(), rev: z2.int(), gone: z2.literal(true) }).meta({ id: "Gone" });
var Counted = z2.strictObject({
  id: z2.string(),
  rev: z2.int(),
  up: z2.int(),
  down: z2.int(),
  score: z2.int(),
  replyCount: z2.int()
}).meta({ id: "Counted" });
var ListedComment = z2.union([CommentView, Tombstone]);
var ChangedItem = z2.union([CommentView, Tombstone, Gone, Counted]);
var Root = z2.union([
  CommentView.extend({
    replies: z2.strictObject({
      items: z2.array(ListedComment),
      next: z2.string().nullable(),
      count: z2.int()
    })
  }).meta({ id: "RootComment" }),
  Tombstone.extend({
    replies: z2.strictObject({
      items: z2.array(ListedComment),
      next: z2.string().nullable(),
      count: z2.int()
    })
  }).meta({ id: "RootTombstone" })
]);
var Sort = z2.enum(["newest", "oldest", "top", "replies"]).meta({ id: "Sort" });
var sourceField = z2.string().min(1).max(limits.sourceChars);
var TextFormat = z2.enum(["markdown", "text", "html"]);
var NewComment = z2.strictObject({
  source: sourceField,
  format: TextFormat.default("markdown"),
  parentId: z2.string().max(64).nullable().optional(),
  author: z2.strictObject({
    id: z2.string().min(1).max(128).optional().describe("Services only: the person\u2019s id there."),
    name: z2.string().min(1).max(200)
  }).optional(),
  article: z2.strictObject({
    title: z2.string().min(1).max(limits.titleChars).optional(),
    url: z2.url({ protocol: /^https?$/ }).max(limits.urlChars).optional()
  }).optional()
}).meta({ id: "NewComment" });
var EditComment = z2.strictObject({ source: sourceField, format: TextFormat.default("markdown") }).meta({ id: "EditComment" });
var CastVote = z2.strictObject({ value: z2.union([z2.literal(-1), z2.literal(0), z2.literal(1)]) }).meta({ id: "CastVote" });
var VoteResult = z2.strictObject({
  score: z2.int(),
  up: z2.int(),
  down: z2.int(),
  mine: z2.union([z2.literal(-1), z2.literal(0), z2.literal(1)])
}).meta({ id: "VoteResult" });
var ReportReason = z2.enum([
  "spam",
  "abuse",
  "hate",
  "private",
  "false",
  "illegal",
  "off_topic",
  "duplicate",
  "other"
]);
var NewReport = z2.strictObject({ reason: ReportReason, text: z2.string().max(limits.reportChars).optional() }).meta({ id: "NewReport" });

// src/domain/thread.ts
import { createHash as createHash2 } from "node:crypto";
var alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
function threadKey({ site, article }) {
  const digest = createHash2("sha256").update(`${site}\0${article}`).digest();
  let number = digest.readBigUInt64BE(0) * 2n ** 64n + digest.readBigUInt64BE(8);
  let key = "";
  for (let i = 0; i < 16; i += 1) {
    key += alphabet.charAt(Number(number % 62n));
    number /= 62n;
  }
  return key;
}
var emptyThread = ({ site, article }) => ({
  tk: threadKey({ site, article }),
  site,
  article,
  title: null,
  url: null,
  rev: 0,
  headRev: 0,
  at: 0,
  count: 0,
  state: "open",
  moderation: null,
  notice: null,
  pinned: [],
  closesAt: null,
  slowModeSeconds: 0,
  auditHead: "",
  lastUlid: ""
});
var isClosed = (thread, now) => thread.state === "closed" || thread.closesAt !== null && thread.closesAt <= now;

// src/domain/ulid.ts
var alphabet2 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
var entropyChars = 16;
var toEntropy = (bytes) => Array.from(bytes.subarray(0, entropyChars), (byte) => alphabet2.charAt(byte & 31)).join("");
function ulidAt(atMs, entropy) {
  let rest = atMs;
  let time = "";
  for (let i = 0; i < 10; i += 1) {
    time = alphabet2.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time + entropy;
}
function ulidAfter(last, atMs, entropy) {
  const ulid = ulidAt(atMs, entropy);
  return ulid > last ? ulid : increment(last);
}
function increment(ulid) {
  const last = alphabet2.length - 1;
  let i = ulid.length - 1;
  while (i >= 0 && alphabet2.indexOf(ulid.charAt(i)) === last) i -= 1;
  const digit = alphabet2.charAt(alphabet2.indexOf(ulid.charAt(i)) + 1);
  return ulid.slice(0, i) + digit + "0".repeat(ulid.length - 1 - i);
}

// src/domain/visibility.ts
function changeStatus(draft, comment, status, fields = {}) {
  const was = comment.status === "approved";
  const is = status === "approved";
  const shown = is || comment.replies > 0 ? true : comment.shown === null ? null : false;
  const next = {
    ...comment,
    ...fields,
    status,
    shown,
    firstRev: comment.firstRev ?? (shown === true ? draft.rev : null),
    pinned: is && comment.pinned,
    featured: is && comment.featured
  };
  draft.put(next, shown !== null || comment.shown !== null ? "ids" : "desk");
  if (was !== is) draft.countApproved(next, is ? 1 : -1);
  if (comment.pinned && !is) unpin(draft, comment.id);
  return next;
}
function unpin(draft, id) {
  draft.setHead({ pinned: draft.thread().pinned.filter((pin2) => pin2.id !== id) });
}

// src/domain/settle-text.ts
function post(draft, operation) {
  const known = operation.idem === null ? null : draft.repeat(operation.idem);
  if (known !== null) return repeat(known, operation);
  refuseIfNotOpen(draft, operation);
  const parent = operation.parentId === null ? null : answerable(draft, operation.parentId);
  const comment = newComment(draft, operation, parent);
  const approved3 = operation.status === "approved";
  draft.setThread({ lastUlid: comment.id.slice(comment.tk.length) });
  takeArticle(draft, operation.article);
  draft.put(comment, approved3 ? "ids" : "desk");
  if (approved3) draft.countApproved(comment, 1);
  return { id: comment.id };
}
function edit(draft, operation) {
  const comment = draft.comment(operation.id);
  if (comment === null || comment.author?.id !== operation.by.id)
    throw new DomainError("NOT_FOUND");
  if (comment.status !== "approved" && comment.status !== "pending") {
    throw new DomainError("INVALID_TRANSITION", {
      detail: `A comment that is ${comment.status} cannot be edited.`
    });
  }
  if (isClosed(draft.thread(), draft.now)) throw new DomainError("THREAD_CLOSED");
  if (draft.now > comment.createdAt + operation.windowMs) throw new DomainError("EDIT_WINDOW_OVER");
  const held2 = operation.reasons.length > 0;
  const status = held2 ? transition(comment.status, "hold") ?? comment.status : comment.status;
  draft.addEarlier({
    commentId: comment.id,
    tk: comment.tk,
    version: comment.version,
    at: draft.now,
    source: comment.source,
    html: comment.html
  });
  draft.addAudit({
    id: ulidAt(draft.now, operation.entropy),
    by: operation.by,
    action: "edit",
    target: comment.id,
    before: { status: comment.status, text: saltedHash(operation.entropy, comment.source) },
    after: { status, text: saltedHash(operation.entropy, operation.text.source) },
    reason: null,
    note: null
  });
  changeStatus(draft, comment, status, {
    ...operation.text,
    editedAt: draft.now,
    version: comment.version + 1,
    reasons: held2 ? operation.reasons : comment.reasons
  });
  return { id: comment.id };
}
function remove(draft, operation) {
  const comment = draft.comment(operation.id);
  if (comment === null || comment.author?.id !== operation.by.id)
    throw new DomainError("NOT_FOUND");
  draft.addAudit({
    id: ulidAt(draft.now, operation.entropy),
    by: operation.by,
    action: "delete",
    target: comment.id,
    before: { status: comment.status },
    after: { status: "deleted" },
    reason: null,
    note: null
  });
  eraseText(draft, comment);
  return { id: comment.id };
}
function eraseText(draft, comment) {
  changeStatus(draft, comment, "deleted", {
    author: null,
    source: "",
    html: "",
    text: "",
    reasons: [],
    bodyHash: null,
    fingerprint: null,
    ipKey: null,
    version: comment.version + 1
  });
  draft.erase(comment.id);
}
function rerender(draft, operation) {
  const comment = draft.comment(operation.id);
  if (comment === null) throw new DomainError("NOT_FOUND");
  const { source, html, text: text2, policy } = operation;
  if (comment.source === source && comment.status !== "deleted" && comment.policy < policy) {
    draft.put({ ...comment, html, text: text2, policy }, comment.shown === true ? "ids" : "desk");
  }
  return { id: comment.id };
}
function repeat(known, operation) {
  if (known.bodyHash !== null && known.bodyHash !== operation.bodyHash) {
    throw new DomainError("IDEMPOTENCY_MISMATCH");
  }
  return { id: known.id, replayed: true };
}
function refuseIfNotOpen(draft, operation) {
  const thread = draft.thread();
  if (isClosed(thread, draft.now)) throw new DomainError("THREAD_CLOSED");
  if (operation.announcedOnly && thread.title === null) throw new DomainError("NOT_ANNOUNCED");
  const last = draft.lastPostAt(operation.author.id);
  if (!operation.slowMode || last === null) return;
  const waitMs = last + thread.slowModeSeconds * 1e3 - draft.now;
  if (waitMs > 0) {
    throw new DomainError("RATE_LIMITED", {
      detail: `Slow mode: one comment in ${thread.slowModeSeconds} s.`,
      retryAfter: Math.ceil(waitMs / 1e3)
    });
  }
}
function answerable(draft, parentId) {
  const parent = draft.comment(parentId);
  if (parent === null || parent.status !== "approved") throw new DomainError("PARENT_GONE");
  if (parent.depth >= limits.depth) {
    throw invalidField("parentId", `Replies are at most ${limits.depth} deep.`);
  }
  return parent;
}
function newComment(draft, operation, parent) {
  const { tk, site, article, lastUlid } = draft.thread();
  const ulid = ulidAfter(lastUlid, draft.now, operation.entropy);
  const approved3 = operation.status === "approved";
  const id = tk + ulid;
  return {
    id,
    tk,
    site,
    article,
    rev: draft.rev,
    firstRev: approved3 ? draft.rev : null,
    parentId: parent?.id ?? null,
    rootId: parent?.rootId ?? id,
    path: parent === null ? ulid : `${parent.path}/${ulid}`,
    depth: parent === null ? 0 : parent.depth + 1,
    author: operation.author,
    ...operation.text,
    status: operation.status,
    shown: approved3 ? true : null,
    pinned: false,
    featured: false,
    reasons: operation.reasons,
    createdAt: draft.now,
    editedAt: null,
    up: 0,
    down: 0,
    score: 0,
    replies: 0,
    reports: 0,
    idem: operation.idem,
    bodyHash: operation.bodyHash,
    ipKey: operation.ipKey,
    version: 0
  };
}
function takeArticle(draft, article) {
  const { title, url } = draft.thread();
  draft.setThread({ title: title ?? article.title, url: url ?? article.url });
}

// src/domain/settle-decision.ts
function decide(draft, operation) {
  const comment = draft.comment(operation.id);
  if (comment === null) throw new DomainError("NOT_FOUND");
  const { expectedVersion } = operation;
  if (expectedVersion !== null && expectedVersion !== comment.version) {
    throw new DomainError("CONFLICT", { current: comment });
  }
  const before = current(draft, comment.id);
  const after2 = apply(draft, comment, operation);
  const decisionId = ulidAt(draft.now, operation.entropy);
  record(draft, decisionId, operation.by, operation.action, comment.id, before, after2, {
    reason: operation.reason,
    note: operation.note
  });
  return { id: comment.id, decisionId };
}
function undo(draft, operation) {
  const decision = draft.decision(operation.decisionId);
  const comment = draft.comment(decision?.target ?? "");
  if (decision === null || comment === null) throw new DomainError("NOT_FOUND");
  const status = Status.safeParse(decision.before["status"]);
  if (decision.action === "delete" || !status.success) throw new DomainError("INVALID_TRANSITION");
  if (decision.after["version"] !== comment.version) {
    throw new DomainError("CONFLICT", { current: comment });
  }
  const before = current(draft, comment.id);
  const restored = changeStatus(draft, comment, status.data, { version: comment.version + 1 });
  const pinned = decision.before["pinned"] === true;
  const featured = decision.before["featured"] === true;
  if (restored.pinned !== pinned || restored.featured !== featured) {
    draft.put({ ...restored, pinned, featured }, "ids");
    if (!pinned) unpin(draft, comment.id);
    else pin(draft, comment.id, textOf(decision.before["pinReason"]));
  }
  const decisionId = ulidAt(draft.now, operation.entropy);
  record(draft, decisionId, operation.by, "undo", comment.id, before, current(draft, comment.id), {
    reason: decision.id,
    note: null
  });
  return { id: comment.id, decisionId };
}
var transitions = {
  approve: "approve",
  reject: "reject",
  spam: "spam",
  delete: "delete"
};
function apply(draft, comment, operation) {
  const { action, reason, note } = operation;
  const step = transitions[action];
  if (step === void 0) return mark(draft, comment, action, note ?? reason ?? "");
  const status = transition(comment.status, step);
  if (status === null) throw impossible(comment, action);
  if (status === "deleted") {
    eraseText(draft, comment);
  } else {
    changeStatus(draft, comment, status, {
      version: comment.version + 1,
      reasons: reason === null ? comment.reasons : [{ rule: reason, message: note ?? reason }]
    });
  }
  return current(draft, comment.id);
}
function mark(draft, comment, action, reason) {
  if (comment.status !== "approved") throw impossible(comment, action);
  const pinned = action === "pin" ? true : action === "unpin" ? false : comment.pinned;
  const featured = action === "feature" ? true : action === "unfeature" ? false : comment.featured;
  if (pinned === comment.pinned && featured === comment.featured) throw impossible(comment, action);
  if (action === "pin" && draft.thread().pinned.length >= 3) throw impossible(comment, action);
  draft.put({ ...comment, pinned, featured, version: comment.version + 1 }, "ids");
  if (action === "pin") pin(draft, comment.id, reason);
  if (action === "unpin") unpin(draft, comment.id);
  return current(draft, comment.id);
}
function pin(draft, id, reason) {
  draft.setHead({ pinned: [...draft.thread().pinned, { id, reason }] });
}
function current(draft, id) {
  const comment = draft.comment(id);
  if (comment === null) return {};
  const { status, pinned, featured, version } = comment;
  const pinReason = draft.thread().pinned.find((one) => one.id === id)?.reason ?? null;
  return { status, pinned, featured, version, pinReason };
}
var textOf = (value) => typeof value === "string" ? value : "";
function record(draft, id, by, action, target, before, after2, why) {
  draft.addAudit({ id, by, action, target, before, after: after2, ...why });
}
var impossible = (comment, action) => new DomainError("INVALID_TRANSITION", {
  detail: `A comment that is ${comment.status} cannot be changed by ${action}.`,
  current: comment
});

// src/domain/settle-thread.ts
function announce(draft, operation) {
  const { title, url } = operation;
  const thread = draft.thread();
  if (thread.title !== title || thread.url !== url || thread.rev === 0) {
    draft.setHead({ title, url });
  }
  return { id: null };
}
function setThread(draft, operation) {
  const thread = draft.thread();
  const altered = Object.entries(operation.set).filter(
    ([key, value]) => thread[key] !== value
    // keys of `set` are fields of a thread
  );
  if (altered.length === 0) return { id: null };
  const before = Object.fromEntries(
    altered.map(([key]) => [key, thread[key]])
    // as above
  );
  draft.setHead(Object.fromEntries(altered));
  const decisionId = ulidAt(draft.now, operation.entropy);
  draft.addAudit({
    id: decisionId,
    by: operation.by,
    action: "set",
    target: null,
    before,
    after: Object.fromEntries(altered),
    reason: null,
    note: null
  });
  return { id: null, decisionId };
}

// src/domain/settle-reader.ts
function vote(draft, operation) {
  const comment = approved2(draft, operation.id);
  if (comment.author?.id === operation.actorId) {
    throw new DomainError("FORBIDDEN", { detail: "Nobody votes on an own comment." });
  }
  const before = draft.vote(`${comment.id}:${operation.actorId}`);
  if (before === operation.value) return { id: comment.id };
  const up = comment.up + Number(operation.value === 1) - Number(before === 1);
  const down = comment.down + Number(operation.value === -1) - Number(before === -1);
  draft.put({ ...comment, up, down, score: up - down }, "counted");
  draft.addVote({
    commentId: comment.id,
    tk: comment.tk,
    actorId: operation.actorId,
    value: operation.value
  });
  return { id: comment.id };
}
function report(draft, operation) {
  const comment = approved2(draft, operation.id);
  if (draft.hasReport(`${comment.id}:${operation.ipKey}`)) return { id: comment.id };
  const reports = comment.reports + 1;
  draft.addReport({
    commentId: comment.id,
    tk: comment.tk,
    actorId: operation.actorId,
    ipKey: operation.ipKey,
    at: draft.now,
    reason: operation.reason,
    text: operation.text
  });
  const held2 = transition(comment.status, "hold");
  if (operation.hideAt === null || reports < operation.hideAt || held2 === null) {
    draft.put({ ...comment, reports }, "desk");
    return { id: comment.id };
  }
  const reason = { rule: "reports", message: `Reported by ${reports} readers.` };
  changeStatus(draft, comment, held2, {
    reports,
    reasons: [...comment.reasons, reason],
    version: comment.version + 1
  });
  return { id: comment.id };
}
function approved2(draft, id) {
  const comment = draft.comment(id);
  if (comment === null || comment.status !== "approved") throw new DomainError("NOT_FOUND");
  return comment;
}

// src/domain/settle.ts
var fullAt = { rows: 66, htmlBytes: 96 * 1024 };
function settle(thread, rows, operations, now) {
  const draft = createDraft(thread, rows, Math.max(now, thread.at));
  const settled = [];
  for (const operation of operations) {
    if (draft.touched() > fullAt.rows || draft.htmlBytes() > fullAt.htmlBytes) break;
    settled.push(attempt2(draft, operation));
  }
  const written = draft.finish();
  return { ...written, results: settled.map((one) => toResult(one, draft, written, thread)) };
}
function attempt2(draft, operation) {
  try {
    return { act: perform(draft, operation) };
  } catch (error) {
    if (error instanceof DomainError) return { error };
    throw error;
  }
}
function perform(draft, operation) {
  switch (operation.type) {
    case "post":
      return post(draft, operation);
    case "edit":
      return edit(draft, operation);
    case "delete":
      return remove(draft, operation);
    case "rerender":
      return rerender(draft, operation);
    case "vote":
      return vote(draft, operation);
    case "report":
      return report(draft, operation);
    case "decide":
      return decide(draft, operation);
    case "undo":
      return undo(draft, operation);
    case "announce":
      return announce(draft, operation);
    case "setting":
      return setThread(draft, operation);
  }
}
function toResult(settling, draft, written, before) {
  if ("error" in settling) return { ok: false, error: settling.error };
  const { id, replayed = false, decisionId = null } = settling.act;
  const outcome = {
    thread: written.thread,
    comment: id === null ? null : draft.comment(id),
    replayed,
    decisionId,
    created: before.rev === 0
  };
  return { ok: true, outcome };
}

// src/domain/rows.ts
function concerned(operations) {
  const sets = {
    comments: /* @__PURE__ */ new Set(),
    idems: /* @__PURE__ */ new Set(),
    votes: /* @__PURE__ */ new Set(),
    reports: /* @__PURE__ */ new Set(),
    authors: /* @__PURE__ */ new Set(),
    decisions: /* @__PURE__ */ new Set()
  };
  for (const operation of operations) collect(operation, sets);
  return sets;
}
function collect(operation, sets) {
  switch (operation.type) {
    case "post":
      if (operation.parentId !== null) sets.comments.add(operation.parentId);
      if (operation.idem !== null) sets.idems.add(operation.idem);
      sets.authors.add(operation.author.id);
      return;
    case "vote":
      sets.comments.add(operation.id);
      sets.votes.add(`${operation.id}:${operation.actorId}`);
      return;
    case "report":
      sets.comments.add(operation.id);
      sets.reports.add(`${operation.id}:${operation.ipKey}`);
      return;
    case "undo":
      sets.decisions.add(operation.decisionId);
      return;
    case "edit":
    case "delete":
    case "decide":
    case "rerender":
      sets.comments.add(operation.id);
      return;
    case "announce":
    case "setting":
      return;
  }
}

// src/store/sqlite/read-concerned.ts
function readConcerned(db, thread, operations) {
  const needed = concerned(operations);
  const decisions = readDecisions(db, thread, needed.decisions);
  const targets = [...decisions.values()].flatMap(({ target }) => target ?? []);
  return {
    comments: readComments2(db, thread, [...needed.comments, ...targets]),
    repeats: readRepeats(db, thread, needed.idems),
    votes: readVotes(db, needed.votes),
    reports: readReports(db, needed.reports),
    lastPostAt: readLastPosts(db, thread, operations, needed.authors),
    decisions
  };
}
function readComments2(db, thread, ids2) {
  const found = /* @__PURE__ */ new Map();
  const read = (id) => {
    if (found.has(id) || !id.startsWith(thread.tk)) return;
    const row = db.get("select * from comments where id = ?", id);
    if (row === void 0) return;
    const comment = toComment(row);
    found.set(id, comment);
    for (const above of ancestorIds(comment)) read(above);
  };
  for (const id of ids2) read(id);
  return found;
}
function readRepeats(db, { tk }, idems) {
  const found = /* @__PURE__ */ new Map();
  for (const idem of idems) {
    const row = db.get("select * from comments where tk = ? and idem = ?", tk, idem);
    if (row !== void 0) found.set(idem, toComment(row));
  }
  return found;
}
function readVotes(db, keys) {
  const found = /* @__PURE__ */ new Map();
  for (const key of keys) {
    const sql = "select value from votes where comment_id = ? and actor_id = ?";
    const row = db.get(sql, ...split(key));
    if (row !== void 0) found.set(key, row["value"]);
  }
  return found;
}
function readReports(db, keys) {
  const sql = "select 1 from reports where comment_id = ? and ip_key = ?";
  return new Set([...keys].filter((key) => db.get(sql, ...split(key)) !== void 0));
}
function readLastPosts(db, thread, operations, authors) {
  const found = /* @__PURE__ */ new Map();
  const slow = thread.slowModeSeconds > 0 || operations.some(({ type }) => type === "setting");
  if (!slow || thread.rev === 0) return found;
  for (const author of authors) {
    const row = db.get(lastPost, thread.site, author, thread.tk, `${thread.tk}~`);
    const at = row?.["at"] ?? null;
    if (at !== null) found.set(author, Number(at));
  }
  return found;
}
var lastPost = `
  select max(created_at) at from comments where site = ? and author_id = ?
    and status in ('approved', 'pending', 'rejected', 'spam') and id > ? and id < ?`;
function readDecisions(db, { tk }, ids2) {
  const found = /* @__PURE__ */ new Map();
  for (const id of ids2) {
    const row = db.get("select * from audit where id = ? and tk = ?", id, tk);
    if (row !== void 0) found.set(id, toAuditEntry(row));
  }
  return found;
}
var split = (key) => {
  const at = key.indexOf(":");
  return [key.slice(0, at), key.slice(at + 1)];
};

// src/store/sqlite/write.ts
function createSqliteAdapter(deps) {
  const { db, group, clock, committed } = deps;
  return {
    async commit(name, waiting) {
      const tk = threadKey(name);
      const { results } = await group.run(
        () => {
          const stored = readThread(db, tk);
          const thread = stored ?? emptyThread(name);
          const operations = waiting();
          const rows = readConcerned(db, thread, operations);
          const settled = settle(thread, rows, operations, clock.now());
          const seq = save(db, settled, stored === null, rows.comments);
          return { results: settled.results, told: seq === null ? null : { seq, settled } };
        },
        ({ told }) => {
          if (told !== null) committed({ seq: told.seq, notice: toNotice(told.settled) });
        }
      );
      return results;
    }
  };
}
function toNotice({ change, thread, comments }) {
  const { tk, site, article, rev } = thread;
  return { tk, site, article, rev, change, thread, comments };
}
function save(db, settled, isNew, before) {
  if (settled.change === null) return null;
  saveThread(db, settled.thread, isNew);
  for (const comment of settled.comments) saveComment(db, comment, before.get(comment.id));
  for (const vote2 of settled.votes) db.run(putVote, vote2.commentId, vote2.actorId, vote2.value);
  for (const report2 of settled.reports) {
    const { commentId, ipKey, actorId, at, reason, text: text2 } = report2;
    db.run(putReport, commentId, ipKey, actorId, at, reason, text2);
  }
  for (const earlier of settled.earlier) {
    const { commentId, version, at, source, html } = earlier;
    db.run(putEarlier, commentId, version, at, source, html);
  }
  for (const id of settled.erased) for (const sql of eraseTraces) db.run(sql, id);
  for (const entry2 of settled.audit) db.run(putAudit, ...auditValues(entry2));
  return db.run(putChange, ...changeValues(settled.change));
}
function saveThread(db, thread, isNew) {
  if (isNew) db.run(insertThread, ...threadValues(thread));
  else db.run(updateThread, ...threadValues(thread).slice(1), thread.tk);
}
function saveComment(db, comment, before) {
  if (before === void 0) {
    db.run(insertComment, ...commentValues(comment));
  } else if (differsInNumbersOnly(comment, before)) {
    db.run(updateNumbers, ...numbers.map((key) => comment[key]), comment.id);
  } else {
    db.run(updateComment, ...commentValues(comment).slice(1), comment.id);
  }
}
var numbers = ["rev", "up", "down", "score", "replies", "reports"];
var movable = new Set(numbers);
var differsInNumbersOnly = (comment, before) => (
  // keys of a comment are what its type says: it is built by our own code
  Object.keys(comment).every(
    (key) => comment[key] === before[key] || movable.has(key)
  )
);
var marks = (columns) => columns.map(() => "?").join(", ");
var assigned = (columns) => columns.map((column) => `${column} = ?`).join(", ");
var insert = (table2, columns) => `insert into ${table2} (${columns.join(", ")}) values (${marks(columns)})`;
var insertThread = insert("threads", threadColumns);
var updateThread = `update threads set ${assigned(threadColumns.slice(1))} where tk = ?`;
var insertComment = insert("comments", commentColumns);
var updateComment = `update comments set ${assigned(commentColumns.slice(1))} where id = ?`;
var updateNumbers = `update comments set ${assigned(numbers)} where id = ?`;
var putChange = insert("changes", ["tk", "rev", "at", "head", "ids", "counted", "desk"]);
var putAudit = insert("audit", auditColumns);
var putVote = insert("votes", ["comment_id", "actor_id", "value"]) + " on conflict do update set value = excluded.value";
var putReport = insert("reports", ["comment_id", "ip_key", "actor_id", "at", "reason", "text"]) + " on conflict do nothing";
var putEarlier = insert("earlier_texts", ["comment_id", "version", "at", "source", "html"]);
var eraseTraces = [
  "delete from earlier_texts where comment_id = ?",
  "delete from votes where comment_id = ?",
  `update reports set text = '' where comment_id = ?`
];

// src/store/sqlite/sqlite-store.ts
async function openSqliteStore(path, deps) {
  const { clock, role } = deps;
  const inMemory = path === ":memory:";
  if (!inMemory) mkdirSync(dirname(path), { recursive: true });
  const release = inMemory || role === "tool" ? () => void 0 : claim(path);
  try {
    const db = openConfigured(path);
    return assemble({ db, clock, role, inMemory, release });
  } catch (error) {
    release();
    throw toStoreError(error);
  }
}
function openConfigured(path) {
  const db = openDatabase(path);
  try {
    db.exec("pragma busy_timeout = 2000; pragma journal_mode = wal; pragma synchronous = full");
    db.exec("pragma foreign_keys = on; pragma trusted_schema = off");
    migrate(db);
    db.exec("pragma busy_timeout = 20");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
function assemble(parts) {
  const { db, clock, role } = parts;
  const tool = role === "tool";
  const group = createGroupCommit({ db, pauseMs: tool ? 25 : Number(process.env["P"] ?? 2), maxMs: tool ? 0 : 10 });
  const watch = createWatch(db);
  const adapter = createSqliteAdapter({ db, group, clock, committed: watch.committed });
  const writer = createThreadWriter({ adapter });
  let closing = null;
  const read = async (work) => {
    if (closing !== null) throw new DomainError("STORE_CLOSED");
    return readSnapshot(db, work);
  };
  const write = (work) => closing === null ? group.run(() => work(db)) : Promise.reject(new DomainError("STORE_CLOSED"));
  const stopTimers = startTimers({ clock, role, watch, inMemory: parts.inMemory, write });
  const close = async () => {
    await writer.close();
    await group.drain();
    stopTimers();
    closeDatabase(db);
    parts.release();
  };
  return {
    threads: createThreads(read, writer, watch),
    directory: createDirectory({ read, write }),
    ping: () => read((connection) => void connection.get("select count(*) from sites")),
    close: () => closing ??= close()
  };
}
function createThreads(read, writer, watch) {
  return {
    write: writer.write,
    readThread: (tk) => read((db) => readThread(db, tk)),
    readPage: (tk, page) => read((db) => readPage(db, tk, page)),
    readBranch: (tk, page) => read((db) => readBranch(db, tk, page)),
    readComment: (tk, id) => read((db) => {
      const thread = readThread(db, tk);
      const comment = readComment(db, tk, id);
      return thread === null || comment === null ? null : { thread, comment };
    }),
    readContext: (tk, id) => read((db) => readContext(db, tk, id)),
    readLog: (tk, since, maxIds) => read((db) => readLog(db, tk, since, maxIds)),
    findRepeat: (tk, idem) => read((db) => findRepeat(db, tk, idem)),
    readMine: (tk, authorId, since) => read((db) => readMine(db, tk, authorId, since)),
    readHeads: (tks) => read((db) => readHeads(db, tks)),
    readHistory: (site, authorId, fingerprint, now) => read((db) => readHistory(db, site, authorId, fingerprint, now)),
    readEarlierTexts: (id) => read((db) => readEarlierTexts(db, id)),
    readAudit: (tk) => read((db) => readAudit(db, tk)),
    watch: watch.add
  };
}
async function readSnapshot(db, work) {
  const until = performance.now() + 1800;
  for (; ; ) {
    try {
      return snapshot(db, work);
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw toStoreError(error);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
function snapshot(db, work) {
  db.run("begin");
  try {
    return work(db);
  } finally {
    db.run("rollback");
  }
}
function startTimers(parts) {
  const { clock, role, watch, inMemory, write } = parts;
  const poll = () => {
    try {
      watch.poll();
    } catch (error) {
      if (toStoreError(error) === error) throw error;
    }
  };
  const clean = async () => {
    try {
      while (await write((db) => cleanUp(db, clock.now()))) ;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  };
  const timers = [
    inMemory ? void 0 : setInterval(poll, 1e3).unref(),
    role === "tool" ? void 0 : setInterval(() => void clean(), 6e4).unref()
  ];
  return () => timers.forEach(clearInterval);
}
function closeDatabase(db) {
  try {
    db.exec("pragma wal_checkpoint(truncate)");
  } finally {
    db.close();
  }
}

// src/store/open-store.ts
async function openStore(url, deps) {
  return openSqliteStore(sqlitePath(url), { clock: deps.clock, role: deps.role ?? "server" });
}
function sqlitePath(url) {
  const [, path] = /^sqlite:(.+)$/s.exec(url) ?? [];
  if (path !== void 0) return path.startsWith("//") ? path.slice(2) : path;
  const isMongo = /^mongodb(\+srv)?:/.test(url);
  throw new DomainError("STORE_UNAVAILABLE", {
    // the address may hold a password: it is not repeated
    detail: isMongo ? "This version of Sayso has no MongoDB store. Use an address such as sqlite:./data/sayso.db." : "The address of the store must begin with sqlite:, as in sqlite:./data/sayso.db."
  });
}

// test/helpers/factories.ts
function createTestIds(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = state + 1831565813 >>> 0;
    let t = Math.imul(state ^ state >>> 15, state | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return (t ^ t >>> 14) >>> 0;
  };
  const bytes = (count) => Uint8Array.from({ length: count }, () => next() & 255);
  return {
    entropy: () => toEntropy(bytes(16)),
    token: () => Buffer.from(bytes(32)).toString("base64url")
  };
}
var ids = createTestIds(1);
var anAuthor = (fields = {}) => ({
  id: "author-1",
  name: "Ada",
  kind: "member",
  badges: [],
  ...fields
});
var aText = (source = "Well said.") => ({
  source,
  html: `<p>${source}</p>`,
  text: source,
  policy: 1,
  fingerprint: null
});
var aPost = (fields = {}) => ({
  type: "post",
  entropy: ids.entropy(),
  author: anAuthor(),
  parentId: null,
  text: aText(),
  status: "approved",
  reasons: [],
  idem: null,
  bodyHash: null,
  ipKey: null,
  article: { title: null, url: null },
  announcedOnly: false,
  slowMode: false,
  ...fields
});

// ../../tmp/sb/bench.ts
var file = process.argv[2];
var conc = Number(process.argv[3] ?? 32);
var n = Number(process.argv[4] ?? 2e4);
var threads = Number(process.argv[5] ?? 1);
var store = await openStore(file, { clock: { now: Date.now } });
var text = aText("x".repeat(300));
var left = n;
var lat = [];
var t0 = performance.now();
var cpu0 = process.cpuUsage();
async function w(i) {
  while (left-- > 0) {
    const s = performance.now();
    await store.threads.write({ site: "demo", article: "a" + left % threads }, aPost({ text, idem: "k" + left, author: { id: "a" + left % 100, name: "x", kind: "guest", badges: [] } }));
    lat.push(performance.now() - s);
    await new Promise((r) => setImmediate(r));
  }
}
await Promise.all(Array.from({ length: conc }, (_, i) => w(i)));
var ms = performance.now() - t0;
var cpu = process.cpuUsage(cpu0);
lat.sort((a, b) => a - b);
console.log(conc, threads, Math.round(n / ms * 1e3), "op/s", "cpu us/op", Math.round((cpu.user + cpu.system) / n), "p50", lat[n >> 1].toFixed(1), "p99", lat[Math.floor(n * 0.99)].toFixed(1));
await store.close();
