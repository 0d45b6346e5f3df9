import type { ServerToClientEvents } from '../../../contract/events.js';

/** Where a connection stands; `paused`: waiting to connect again, or closed. */
export type LiveState = 'connecting' | 'open' | 'paused';

type ServerEvent = keyof ServerToClientEvents;

/** A connection to `/threads` that comes back by itself. What was joined must be joined again at every `open`. */
export interface LiveSocket {
  /** Sends an event; resolves with its acknowledgement. Rejects when the connection is not open, or drops before the answer. */
  send(event: string, payload: unknown): Promise<unknown>;
  /** Hears an event of the server. One listener an event: a second one takes its place. */
  on<E extends ServerEvent>(event: E, listener: ServerToClientEvents[E]): void;
  /** Closes for good. */
  close(): void;
  state(): LiveState;
  onState(listener: (state: LiveState) => void): void;
  /** While paused: connects now instead of waiting (the browser is online or visible again). */
  wake(): void;
}

/** What a connection needs. */
export interface SocketOptions {
  /** Origin of the server, as in `https://c.example`. */
  readonly url: string;
  /** Asked at every connect; null: nobody. */
  readonly token?: () => string | null;
  readonly WebSocket?: typeof WebSocket;
  /** 0 to 1, for the jitter. */
  readonly random?: () => number;
}

const namespace = '/threads,';
const firstDelayMs = 500;
const longestDelayMs = 30_000;
const openWithinMs = 10_000;

/**
 * A Socket.IO client of the one kind that is needed here: Engine.IO 4 over WebSocket, one
 * namespace, events and acknowledgements in JSON. Comes back after 0.5 to 30 s with full jitter,
 * or when a leaving server asked it to.
 * Source: github.com/socketio/engine.io-protocol, github.com/socketio/socket.io-protocol.
 */
export function openSocket(options: SocketOptions): LiveSocket {
  const Socket = options.WebSocket ?? WebSocket;
  const random = options.random ?? Math.random;
  const listeners: Record<string, (payload: never) => void> = {};
  const waiting = new Map<number, [(answer: unknown) => void, (error: Error) => void]>();
  let socket: WebSocket | null = null;
  let state: LiveState = 'paused';
  let listener: (state: LiveState) => void = () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let aliveMs = openWithinMs;
  let failures = 0;
  let askedDelayMs: number | null = null;
  let nextId = 0;
  let closed = false;

  const become = (next: LiveState): void => {
    state = next;
    listener(next);
  };

  /** Without a word for `aliveMs` the connection counts as lost. */
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(drop, aliveMs);
  };

  function connect(): void {
    aliveMs = openWithinMs;
    const mine = new Socket(
      `${options.url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`,
    );
    socket = mine;
    mine.onmessage = (event: MessageEvent) => {
      if (mine === socket) receive(String(event.data));
    };
    mine.onerror = mine.onclose = () => {
      if (mine === socket) drop();
    };
    watch();
    become('connecting');
  }

  function drop(): void {
    const dead = socket;
    socket = null;
    clearTimeout(timer);
    dead?.close();
    for (const [, reject] of waiting.values()) reject(new Error('offline'));
    waiting.clear();
    if (!closed) {
      const delayMs = random() * Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
      timer = setTimeout(connect, askedDelayMs ?? delayMs);
      askedDelayMs = null;
      failures += 1;
    }
    if (state !== 'paused') become('paused');
  }

  /** `0` open, `2` ping, `4` message of Socket.IO: `0` connected, `2` event, `3` acknowledgement, `1` and `4` refused. */
  function receive(packet: string): void {
    watch();
    const kind = packet.slice(0, 2);
    const rest = packet.slice(2 + namespace.length);
    if (packet[0] === '0') greet(packet.slice(1));
    else if (packet === '2') socket?.send('3');
    else if (kind === '40') {
      failures = 0;
      become('open');
    } else if (kind === '42') hear(rest);
    else if (kind === '43') answer(rest);
    else drop();
  }

  function greet(data: string): void {
    const { pingInterval, pingTimeout } = JSON.parse(data) as Record<string, number>; // Engine.IO's handshake
    aliveMs = (pingInterval ?? 0) + (pingTimeout ?? 0);
    const token = options.token?.();
    socket?.send('40' + namespace + (token ? JSON.stringify({ token }) : ''));
    watch();
  }

  function hear(data: string): void {
    const [event, payload] = JSON.parse(data) as [string, never]; // typed by the contract
    if (event === 'bye') askedDelayMs = (payload as { retryInMs: number }).retryInMs;
    listeners[event]?.(payload);
  }

  function answer(data: string): void {
    const id = parseInt(data, 10);
    const [value] = JSON.parse(data.slice(String(id).length)) as unknown[]; // one argument each
    waiting.get(id)?.[0](value);
    waiting.delete(id);
  }

  connect();
  return {
    send: (event, payload) =>
      new Promise((resolve, reject) => {
        if (state !== 'open') return reject(new Error('offline'));
        nextId += 1;
        waiting.set(nextId, [resolve, reject]);
        socket?.send('42' + namespace + nextId + JSON.stringify([event, payload]));
      }),
    on: (event, heard) => {
      listeners[event] = heard;
    },
    close: () => {
      closed = true;
      drop();
    },
    state: () => state,
    onState: (heard) => {
      listener = heard;
    },
    wake: () => {
      if (closed || socket) return;
      clearTimeout(timer);
      connect();
    },
  };
}
