import type { Problem } from '../../contract/errors.js';

/** A refusal of the API, or a request that never got an answer (`code: 'NETWORK'`, status 0). */
export class ApiError extends Error {
  constructor(
    readonly code: Problem['code'] | 'NETWORK',
    readonly status: number,
    /** Seconds to wait before a repeat; 0 where the server named none. */
    readonly retryAfter: number,
    message: string,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later: no answer, a server's trouble, or too soon. */
  get passing(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

/** One request. `path` stands below the API's root, `token` becomes the bearer. */
export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly key?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly keepalive?: boolean;
}

/** Sends requests without cookies and knows the server's clock. */
export interface Api {
  /** Throws {@link ApiError}. */
  send<T>(call: Call): Promise<T>;
  /** Epoch ms by the server's clock, as far as answers have told it. */
  now(): number;
}

/** The API below `base`, for instance `https://c.example/api/v1`. */
export function createApi(base: string): Api {
  let skewMs = 0;
  return {
    now: () => Date.now() + skewMs,
    async send<T>(call: Call) {
      const answer = await request(base, call);
      const date = Date.parse(answer.headers.get('date') ?? '');
      // The header has whole seconds; a difference below that is no difference.
      if (date) skewMs = Math.abs(date - Date.now()) > 2_000 ? date - Date.now() : 0;
      if (!answer.ok) throw await refusal(answer);
      // Our own server's answer to a typed call; what matters for safety (html) is read strictly.
      return (answer.status === 204 ? undefined : await answer.json()) as T;
    },
  };
}

async function request(base: string, call: Call): Promise<Response> {
  const headers: Record<string, string> = {};
  if (call.token) headers.authorization = `Bearer ${call.token}`;
  if (call.key) headers['idempotency-key'] = call.key;
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  const limit = AbortSignal.timeout(call.timeoutMs ?? 10_000);
  try {
    return await fetch(base + call.path, {
      method: call.method ?? 'GET',
      headers,
      credentials: 'omit',
      referrerPolicy: 'origin',
      signal: call.signal ? AbortSignal.any([call.signal, limit]) : limit,
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      ...(call.keepalive && { keepalive: true }),
    });
  } catch (cause) {
    throw new ApiError('NETWORK', 0, 0, String(cause));
  }
}

async function refusal(answer: Response): Promise<ApiError> {
  // What is not a problem document (a proxy's page) still has a status.
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  const wait = Number(answer.headers.get('retry-after')) || problem.retryAfter || 0;
  return new ApiError(problem.code ?? 'INTERNAL', answer.status, wait, problem.detail ?? '');
}
