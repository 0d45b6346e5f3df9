import type { Person } from '../domain/actor.js';
import type { SocketLimits } from './settings.js';

/** Who a token belongs to, and until when (epoch ms). */
export interface Identity {
  readonly actor: Person;
  readonly expiresAt: number;
}

/** What is kept of one socket. The one mutable record of this folder: thousands exist, so it is flat. */
export interface Viewer {
  identity: Identity | null;
  /** Keys of the threads it follows. */
  threads: string[];
  /** Keys of the threads whose counts it watches. */
  counted: readonly string[];
  tokens: number;
  /** Epoch ms of the last refill. */
  filledAt: number;
  strikes: number;
}

/** A viewer that has just connected. */
export const newViewer = (
  identity: Identity | null,
  now: number,
  limits: SocketLimits,
): Viewer => ({
  identity,
  threads: [],
  counted: [],
  tokens: limits.messageBurst,
  filledAt: now,
  strikes: 0,
});

/** Takes one message from the token bucket. A refusal is a strike. */
export function spend(viewer: Viewer, now: number, limits: SocketLimits): boolean {
  const earned = (Math.max(0, now - viewer.filledAt) * limits.messagesPerSecond) / 1_000;
  viewer.tokens = Math.min(limits.messageBurst, viewer.tokens + earned);
  viewer.filledAt = now;
  if (viewer.tokens < 1) {
    viewer.strikes += 1;
    return false;
  }
  viewer.tokens -= 1;
  return true;
}
