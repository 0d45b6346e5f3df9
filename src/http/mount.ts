import type { Express, Request, RequestHandler, Response } from 'express';
import type { Input, Reply, Route } from '../contract/route.js';
import { routes, type RouteName } from '../contract/routes.js';
import { isPerson, type Actor } from '../domain/actor.js';
import { DomainError } from '../domain/errors.js';
import type { HttpDeps } from './deps.js';
import { factsOf } from './middleware/request-facts.js';
import { parseIdempotencyKey, parseInput } from './parse.js';
import { sendJson, sendText, type Page } from './send.js';

/** A request as a handler gets it: parsed, and with whoever sends it. */
export interface Call<R extends Route> extends Input<R> {
  readonly actor: Actor;
  /** Null: none was sent. */
  readonly idempotencyKey: string | null;
  /** Key by which this address is counted. */
  readonly bucket: string;
  /** Aborted once the caller is gone. */
  readonly signal: AbortSignal;
}

/** What a handler answers with; `status` where the route has several. */
export interface Answer<R extends Route> {
  readonly body: Reply<R>;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers calls of one route. */
export type Handler<R extends Route> = (call: Call<R>) => Promise<Answer<R>>;

/** One handler for every row of the table; a missing one, or one of the wrong shape, does not compile. */
export type Handlers = { readonly [N in RouteName]: Handler<(typeof routes)[N]> };

/** How a shared read is answered: by its ETag, from what is kept, or by the handler. */
export type ShareRead = (
  name: RouteName,
  call: Call<Route>,
  request: Request,
  build: () => Promise<unknown>,
) => Promise<Page>;

/** Mounts every route of the table, and 405 for the other methods of its paths. */
export function mount(
  app: Express,
  deps: Pick<HttpDeps, 'identify' | 'addressKey'>,
  handlers: Handlers,
  share: ShareRead,
): void {
  const methods = new Map<string, string[]>();
  for (const name of Object.keys(routes) as RouteName[]) {
    // The call is parsed with the schemas of the same row that typed the handler.
    const handler = handlers[name] as unknown as Handler<Route>;
    const route: Route = routes[name];
    const listener = answer(name, route, deps, handler, share);
    methods.set(route.path, [...(methods.get(route.path) ?? []), route.method]);
    if (route.method === 'GET') app.get(route.path, listener);
    else if (route.method === 'POST') app.post(route.path, listener);
    else if (route.method === 'PUT') app.put(route.path, listener);
    else if (route.method === 'PATCH') app.patch(route.path, listener);
    else app.delete(route.path, listener);
  }
  for (const [path, allowed] of methods) app.all(path, refuseMethod(allowed));
}

/** 405 with `Allow`; `OPTIONS` is answered by `Allow` alone. */
export function refuseMethod(methods: readonly string[]): RequestHandler {
  const all = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const allow = [...all, 'OPTIONS'].join(', ');
  return (request, response) => {
    response.setHeader('Allow', allow);
    if (request.method !== 'OPTIONS') {
      throw new DomainError('METHOD_NOT_ALLOWED', { detail: `Here one may ${allow}.` });
    }
    response.setHeader('Cache-Control', 'no-store');
    response.status(204).end();
  };
}

function answer(
  name: RouteName,
  route: Route,
  deps: Pick<HttpDeps, 'identify' | 'addressKey'>,
  handler: Handler<Route>,
  share: ShareRead,
): RequestHandler {
  return async (request, response) => {
    factsOf(response).route = `${route.method} ${route.path}`;
    const call = await readCall(route, deps, request, response);
    if (route.cache === 'shared' && isPublic(name, call)) {
      const build = async () => (await handler(call)).body;
      return sendJson(request, response, await share(name, call, request, build));
    }
    const { body, status, headers } = await handler(call);
    for (const [key, value] of Object.entries(headers ?? {})) response.setHeader(key, value);
    response.setHeader('Cache-Control', 'no-store');
    response.status(status ?? route.status);
    if (body === undefined) response.end();
    else sendText(response.type('application/json'), JSON.stringify(body));
  };
}

async function readCall(
  route: Route,
  deps: Pick<HttpDeps, 'identify' | 'addressKey'>,
  request: Request,
  response: Response,
): Promise<Call<Route>> {
  const { ip, bucket } = factsOf(response).address;
  const { authorization } = request.headers;
  const actor = await deps.identify({ authorization, ipKey: await deps.addressKey(ip) });
  const body: unknown = request.body;
  const input = parseInput(route, { params: request.params, query: request.query, body });
  const key = request.headers['idempotency-key'];
  const idempotencyKey = route.idempotent === true ? parseIdempotencyKey(key) : null;
  demandAccess(route, actor, request.params['site']);
  const signal = goneSignal(response);
  // The parts are unknown by type here; the handler's types are those of the same row.
  return { ...input, actor, idempotencyKey, bucket, signal } as Call<Route>;
}

/** Credentials of another site are none here, whatever the route. */
function demandAccess({ access }: Route, actor: Actor, site: string | string[] | undefined): void {
  if (actor.kind === 'visitor') {
    if (access === 'anyone') return;
    throw new DomainError('UNAUTHENTICATED');
  }
  if (actor.site !== site) throw new DomainError('UNAUTHENTICATED');
  if (access === 'anyone' || access === 'person') return;
  if (access === 'reader') {
    if (isPerson(actor)) return;
    throw new DomainError('FORBIDDEN');
  }
  const scopes = actor.kind === 'service' ? actor.scopes : [];
  if (!scopes.includes(access) && !scopes.includes('admin')) throw new DomainError('FORBIDDEN');
}

/** One comment looks different to its author: what they get is nobody else's. */
const isPublic = (name: RouteName, call: Call<Route>): boolean =>
  name !== 'getComment' || call.actor.kind === 'visitor';

function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}
