import type { Identify } from '../auth/identify.js';
import type { Comments } from '../domain/comments.js';
import type { Clock, Notice } from '../domain/ports.js';
import type { Sessions } from '../domain/sessions.js';
import type { Sites } from '../domain/sites.js';
import type { Threads } from '../domain/threads.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';

/** What whoever runs the server can set about HTTP. */
export interface HttpSettings {
  /** The origin that browsers use, without a slash at its end. */
  readonly publicUrl: string;
  /** Proxies in front: how many, or their CIDR ranges; false: none. */
  readonly trustProxy: false | number | readonly string[];
  /** Requests of one address in a minute. */
  readonly readsPerMinute: number;
  /** Bearer token for `/metrics`; null: this machine only. */
  readonly metricsToken: string | null;
  /** The built browser files; null or absent: none are served. */
  readonly browserFolder: string | null;
  readonly version: string;
}

/** All that the HTTP face works with. */
export interface HttpDeps {
  readonly threads: Threads;
  readonly comments: Comments;
  readonly sessions: Pick<Sessions, 'open' | 'close'>;
  readonly sites: Sites;
  readonly identify: Identify;
  /** The keyed hash under which an IP address is kept. */
  readonly addressKey: (ip: string) => Promise<string>;
  /** Follows every commit; returns how to stop. */
  readonly watch: (listener: (notice: Notice) => void) => () => void;
  /** Whether the server takes requests: started, not stopping, the store answers. */
  readonly isReady: () => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'debug' | 'info' | 'error' | 'writes'>;
  readonly metrics: Pick<Metrics, 'request' | 'post' | 'limited' | 'page' | 'render'>;
  readonly settings: HttpSettings;
}
