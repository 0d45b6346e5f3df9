/** What one address, one socket and the whole node may use: the settings of `docs/configuration.md`. */
export interface NodeLimits {
  readonly openPerAddress: number;
  readonly connectsPerMinute: number;
  /** Of this node, all addresses together. */
  readonly openTotal: number;
  readonly roomsPerSocket: number;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
}

/** How much of a socket is borne before it is cut. */
export interface Patience {
  /** Messages above the rate that close a socket. */
  readonly strikes: number;
  /** Bytes that may wait for a slow socket before it is cut; its cursor makes the cut harmless. */
  readonly waitingBytes: number;
  readonly waitingPackets: number;
}

/** All limits of sockets. */
export type SocketLimits = NodeLimits & Patience;

/** What is the same wherever it runs. */
export const defaultPatience: Patience = {
  strikes: 3,
  waitingBytes: 256 * 1024,
  waitingPackets: 64,
};

/** Rhythms, in ms. */
export interface Timing {
  /** The longest that changes wait to share a frame. */
  readonly windowMs: number;
  /** Without a frame for so long, an empty one is sent. */
  readonly heartbeatMs: number;
  /** How long a thread is followed after its last viewer. */
  readonly lingerMs: number;
  /** Between two looks at viewers, expired tokens and heartbeats. */
  readonly sweepMs: number;
  readonly countsMs: number;
}

/** The rhythms of `docs/realtime.md`. */
export const defaultTiming: Timing = {
  windowMs: 1_000,
  heartbeatMs: 60_000,
  lingerMs: 60_000,
  sweepMs: 5_000,
  countsMs: 1_000,
};
