import type { ServerToClientEvents } from '../../contract/events.js';
import { type Api, createApi } from '../shared/api.js';
import { type LiveSocket, type LiveState, openSocket } from '../shared/live/socket.js';
import { createSessions, type Sessions } from '../shared/sessions.js';
import { createStorage, type Storage } from '../shared/storage.js';

type EventName = keyof ServerToClientEvents;

/** One socket for many listeners, opened by the first and closed after the last. */
export interface Wire {
  send(event: string, payload: unknown): Promise<unknown>;
  on<E extends EventName>(
    event: E,
    listener: (payload: Parameters<ServerToClientEvents[E]>[0]) => void,
  ): () => void;
  state(): LiveState;
  onState(listener: (state: LiveState) => void): () => void;
}

/** What all boxes of one person on one site share. */
export interface Connection {
  readonly api: Api;
  readonly sessions: Sessions;
  readonly storage: Storage;
  readonly wire: Wire;
}

/** Hands out the connection of a person (`profile`) on a site of a server, the same to all who ask. */
export function createConnections(): (origin: string, site: string, profile: string) => Connection {
  const known = new Map<string, Connection>();
  return (origin, site, profile) => {
    const key = JSON.stringify([origin, site, profile]);
    const found = known.get(key);
    if (found) return found;
    const api = createApi(`${origin}/api/v1`);
    const storage = createStorage(`${profile}:${site}`, () => localStorage);
    const sessions = createSessions(api, site, storage);
    const made = { api, storage, sessions, wire: createWire(origin, sessions) };
    known.set(key, made);
    return made;
  };
}

/** The socket carries the person's token, so another person means another socket. */
function createWire(origin: string, sessions: Sessions): Wire {
  const heard = new Map<EventName, Set<(payload: never) => void>>();
  const states = new Set<(state: LiveState) => void>();
  let socket: LiveSocket | undefined;
  let token: string | undefined;

  const refresh = async () => {
    token = await sessions.token().catch(() => undefined);
  };
  const open = () => {
    socket?.close();
    const mine = openSocket({ url: origin, token: () => token ?? null });
    socket = mine;
    for (const event of heard.keys()) attach(event);
    mine.onState((state) => {
      if (mine !== socket) return;
      if (state === 'paused') void refresh();
      for (const listener of states) listener(state);
    });
  };
  const attach = (event: EventName) => {
    const tell = (payload: never) => heard.get(event)?.forEach((each) => each(payload));
    socket?.on(event, tell as ServerToClientEvents[EventName]); // hands on what this event brings
  };
  const wake = () => {
    if (document.visibilityState === 'visible') socket?.wake();
  };
  const start = async () => {
    await refresh();
    if (states.size && !socket) open();
    addEventListener('online', wake);
    document.addEventListener('visibilitychange', wake);
  };
  const stop = () => {
    socket?.close();
    socket = undefined;
    removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', wake);
  };
  sessions.onChange(() => {
    if (socket) void refresh().then(() => socket && open());
  });

  return {
    send: (event, payload) => socket?.send(event, payload) ?? Promise.reject(new Error('offline')),
    on(event, listener) {
      const set = heard.get(event) ?? new Set();
      heard.set(event, set.add(listener)); // called with this event's own
      attach(event);
      return () => set.delete(listener); // the same
    },
    state: () => socket?.state() ?? 'connecting',
    onState(listener) {
      states.add(listener);
      if (states.size === 1) void start();
      return () => {
        states.delete(listener);
        if (!states.size) stop();
      };
    },
  };
}
