import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the parts of the server count; Prometheus reads it at `/metrics`. */
export interface Metrics {
  /** `route` is the route's pattern, never the address. */
  request(of: { route: string; method: string; status: number; seconds: number }): void;
  /** A connection opened (+1) or closed (−1) in a namespace. */
  socket(namespace: string, delta: 1 | -1): void;
  /** A thread gained its first follower (+1) or lost its last (−1). */
  room(delta: 1 | -1): void;
  /** A frame was sent to so many sockets. */
  frame(recipients: number): void;
  /** What became of a new comment: its status, or the code it was refused with. */
  post(outcome: string): void;
  /** Operations that one transaction took. */
  commit(operations: number): void;
  /** How long a call of the store took, and whether it failed. */
  store(call: string, seconds: number, failed: boolean): void;
  /** A limit refused; `bucket` is its rule. */
  limited(bucket: string): void;
  /** A page came from the cache, or was built. */
  page(from: 'cache' | 'store'): void;
  /** The text that Prometheus reads. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Counters of one server; each has its own, so that tests do not share any. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'sayso_' });
  const on = { registers: [registry] };
  const requests = new Histogram({
    ...on,
    name: 'sayso_http_request_seconds',
    help: 'Time to answer a request, by route.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  });
  const stores = new Histogram({
    ...on,
    name: 'sayso_store_seconds',
    help: 'Time of a call of the store.',
    labelNames: ['call', 'failed'],
    buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 2],
  });
  const commits = new Histogram({
    ...on,
    name: 'sayso_commit_operations',
    help: 'Operations that one transaction took.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
  });
  const recipients = new Histogram({
    ...on,
    name: 'sayso_frame_recipients',
    help: 'Sockets that one frame went to.',
    buckets: [1, 10, 100, 1_000, 10_000],
  });
  const sockets = gauge('sayso_sockets', 'Open sockets.', ['namespace']);
  const rooms = gauge('sayso_rooms', 'Threads that somebody follows.');
  const posts = counter('sayso_posts_total', 'New comments, by outcome.', ['outcome']);
  const limits = counter('sayso_limited_total', 'Refusals of the limiter.', ['bucket']);
  // A hot page is answered in microseconds: it is counted in a number that a scrape reads.
  const pages = { cache: 0, store: 0 };
  new Counter({
    ...on,
    name: 'sayso_pages_total',
    help: 'Pages answered.',
    labelNames: ['from'],
    collect() {
      this.reset();
      for (const [from, count] of Object.entries(pages)) this.inc({ from }, count);
    },
  });

  return {
    request: ({ seconds, status, ...labels }) =>
      requests.observe({ ...labels, status: String(status) }, seconds),
    socket: (namespace, delta) => sockets.inc({ namespace }, delta),
    room: (delta) => rooms.inc(delta),
    frame: (count) => recipients.observe(count),
    post: (outcome) => posts.inc({ outcome }),
    commit: (operations) => commits.observe(operations),
    store: (call, seconds, failed) => stores.observe({ call, failed: String(failed) }, seconds),
    limited: (bucket) => limits.inc({ bucket }),
    page: (from) => {
      pages[from] += 1;
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };

  function gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ ...on, name, help, labelNames });
  }

  function counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ ...on, name, help, labelNames });
  }
}
