import type { ServerToClientEvents } from '../../../contract/events.js';
import { type LiveSocket, type LiveState, openSocket } from '../../shared/live/socket.js';
import type { Sessions } from '../../shared/sessions.js';

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

/** The socket carries the person's token, so another person means another socket. */
export function createWire(origin: string, sessions: Sessions): Wire {
  const heard = new Map<EventName, Set<(payload: never) => void>>();
  const states = new Set<(state: LiveState) => void>();
  let socket: LiveSocket | undefined;
  let token: string | undefined;

  const refresh = async () => {
    token = await sessions.token().catch(() => undefined);
  };
  const attach = (event: EventName) => {
    const tell = (payload: never) => heard.get(event)?.forEach((each) => each(payload));
    socket?.on(event, tell as ServerToClientEvents[EventName]); // hands on what this event brings
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
  const wake = () => {
    if (document.visibilityState === 'visible') socket?.wake();
  };
  const start = async () => {
    addEventListener('online', wake);
    document.addEventListener('visibilitychange', wake);
    await refresh();
    if (states.size && !socket) open();
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
      heard.set(event, set.add(listener));
      attach(event);
      return () => set.delete(listener);
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
