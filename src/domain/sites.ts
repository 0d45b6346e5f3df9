import type { Site } from './site.js';

/** Sites as use cases read them: at most 5 s old. */
export interface Sites {
  /** NOT_FOUND where there is none. */
  get(id: string): Promise<Site>;
  find(id: string): Promise<Site | null>;
  /** Whether any site lists the origin, for the socket handshake. */
  knowsOrigin(origin: string): Promise<boolean>;
}
