import type { Notice } from '../domain/ports.js';

/** What is kept of one public answer. */
export interface KeptPage {
  readonly site: string;
  /** Version of the site's settings that show in it. */
  readonly siteVersion: number;
  /** Revision of the thread that it shows; Infinity where it spans several. */
  readonly rev: number;
  readonly etag: string;
  readonly body: Buffer;
  readonly gzip: Buffer | null;
}

/** What is asked for: a name for it, and the thread keys that it shows. */
export interface PageName {
  readonly key: string;
  readonly tks: readonly string[];
}

/** Keeps public answers until one of their threads changes, not for a time. */
export interface PageCache {
  /** What is kept under an address as it was sent (path and query). */
  find(url: string): KeptPage | undefined;
  /**
   * What is kept under the name, or what `build` makes; one build at a time a name. From then on
   * `find` knows the address, too.
   */
  get(name: PageName, url: string, build: () => Promise<KeptPage>): Promise<KeptPage>;
  /** Forgets what an address leads to. */
  drop(url: string): void;
  close(): void;
}

interface Entry extends PageName {
  readonly page: KeptPage;
  readonly urls: Set<string>;
  /** How many entries had come when it was last used. */
  usedAt: number;
}

interface Flight extends PageName {
  readonly promise: Promise<KeptPage>;
  /** A thread changed meanwhile: whoever asks from then on gets another one. */
  stale: boolean;
}

/** Spellings of one address that are known; a further one passes through Express each time. */
const maxUrls = 8;

/** Bytes that an entry takes besides its bodies. */
const entryBytes = 2_000;

/** Threads of which the last revision is remembered. */
const maxSeen = 20_000;

/** A cache of at most `maxBytes`; those unused for longest go first. */
export function createPageCache({
  watch,
  maxBytes,
}: {
  readonly watch: (listener: (notice: Notice) => void) => () => void;
  readonly maxBytes: number;
}): PageCache {
  const entries = new Map<string, Entry>();
  const byUrl = new Map<string, Entry>();
  const flights = new Map<string, Flight>();
  const entriesOf = createIndex<Entry>();
  const flightsOf = createIndex<Flight>();
  const seen = new Map<string, number>();
  let bytes = 0;
  let kept = 0;

  const remove = (entry: Entry): void => {
    if (entries.get(entry.key) !== entry) return;
    entries.delete(entry.key);
    for (const url of entry.urls) byUrl.delete(url);
    entriesOf.remove(entry);
    bytes -= sizeOf(entry);
  };

  const endFlight = (flight: Flight): void => {
    if (flights.get(flight.key) === flight) flights.delete(flight.key);
    flightsOf.remove(flight);
  };

  const stop = watch(({ tk, rev }) => {
    note(seen, tk, rev);
    for (const entry of entriesOf.of(tk)) remove(entry);
    for (const flight of flightsOf.of(tk)) {
      flight.stale = true;
      endFlight(flight);
    }
  });

  const keep = (name: PageName, url: string, page: KeptPage): void => {
    if (page.rev < Math.max(0, ...name.tks.map((tk) => seen.get(tk) ?? 0))) return;
    kept += 1;
    const entry: Entry = { ...name, page, urls: new Set(), usedAt: kept };
    if (sizeOf(entry) > maxBytes / 8) return;
    entries.set(name.key, entry);
    entriesOf.add(entry);
    bytes += sizeOf(entry);
    know(entry, url);
    for (const oldest of entries.values()) {
      if (bytes <= maxBytes) break;
      remove(oldest);
    }
  };

  /** Moves it to the end of the line of those that go; needless while no other has come. */
  const touch = (entry: Entry): void => {
    entry.usedAt = kept;
    entries.delete(entry.key);
    entries.set(entry.key, entry);
  };

  const know = (entry: Entry, url: string): void => {
    if (entry.urls.size >= maxUrls) return;
    entry.urls.add(url);
    byUrl.set(url, entry);
  };

  const start = (name: PageName, url: string, build: () => Promise<KeptPage>): Flight => {
    const promise = build().then(
      (page) => {
        if (!flight.stale) keep(name, url, page);
        endFlight(flight);
        return page;
      },
      (error: unknown) => {
        endFlight(flight);
        throw error;
      },
    );
    const flight: Flight = { ...name, promise, stale: false };
    flights.set(name.key, flight);
    flightsOf.add(flight);
    return flight;
  };

  return {
    find: (url) => {
      const entry = byUrl.get(url);
      if (entry === undefined) return undefined;
      if (entry.usedAt !== kept) touch(entry);
      return entry.page;
    },
    get: async (name, url, build) => {
      const entry = entries.get(name.key);
      if (entry === undefined) return (flights.get(name.key) ?? start(name, url, build)).promise;
      know(entry, url);
      return entry.page;
    },
    drop: (url) => {
      const entry = byUrl.get(url);
      if (entry !== undefined) remove(entry);
    },
    close: stop,
  };
}

/** Things by the thread keys that they show. */
function createIndex<T extends PageName>() {
  const sets = new Map<string, Set<T>>();
  return {
    of: (tk: string): readonly T[] => [...(sets.get(tk) ?? [])],
    add: (thing: T): void => {
      for (const tk of thing.tks) {
        const set = sets.get(tk) ?? new Set();
        sets.set(tk, set.add(thing));
      }
    },
    remove: (thing: T): void => {
      for (const tk of thing.tks) {
        const set = sets.get(tk);
        set?.delete(thing);
        if (set?.size === 0) sets.delete(tk);
      }
    },
  };
}

function note(seen: Map<string, number>, tk: string, rev: number): void {
  if (rev <= (seen.get(tk) ?? 0)) return;
  seen.delete(tk);
  seen.set(tk, rev);
  const oldest = seen.keys().next();
  if (seen.size > maxSeen && oldest.done === false) seen.delete(oldest.value);
}

const sizeOf = ({ page, tks }: Entry): number =>
  entryBytes + page.body.length + (page.gzip?.length ?? 0) + tks.length * 100;
