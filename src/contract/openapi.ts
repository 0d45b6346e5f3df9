import type { z } from 'zod';
import { errorTable, Problem, type ErrorCode } from './errors.js';
import { createSchemaBook, type JsonSchema, type SchemaBook } from './json-schema.js';
import { limits } from './limits.js';
import type { Access, Route } from './route.js';
import { routes } from './routes.js';

/** The OpenAPI 3.1 document of the REST API, made of the route table. */
export function openapiDocument(version: string): JsonSchema {
  const book = createSchemaBook();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, book) };
  }
  const problem = book.schemaOf(Problem, 'output');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sayso',
      version,
      summary: 'Discussions of article pages.',
      description:
        'JSON in UTF-8 both ways. Times are ISO 8601 in UTC with milliseconds, ids are opaque strings. ' +
        'Errors are `application/problem+json` (RFC 9457) with a stable `code`. Every answer carries ' +
        '`RateLimit` and `RateLimit-Policy`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'sessions', description: 'Sessions of readers.' },
      { name: 'threads', description: 'Reading discussions.' },
      { name: 'comments', description: 'Writing, voting and reporting.' },
    ],
    paths,
    components: {
      schemas: book.named(),
      headers: headers(),
      responses: responses(problem),
      securitySchemes: {
        person: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Access token of a session (15 minutes).',
        },
        service: { type: 'http', scheme: 'bearer', description: 'Service key `sk_…`.' },
      },
    },
  };
}

/** Codes that any call may answer with, beside its own. */
export function errorsOf(route: Route): readonly ErrorCode[] {
  const codes: readonly ErrorCode[] = [
    'MALFORMED_QUERY',
    ...(route.method === 'GET' ? [] : bodyErrors),
    'UNAUTHENTICATED',
    'TOKEN_EXPIRED',
    ...(route.access === 'anyone' ? [] : (['FORBIDDEN'] as const)),
    'NOT_FOUND',
    'INVALID_INPUT',
    'RATE_LIMITED',
    'INTERNAL',
    'STORE_UNAVAILABLE',
    'OVERLOADED',
    'SHUTTING_DOWN',
    ...route.errors,
  ];
  return [...new Set(codes)];
}

const bodyErrors: readonly ErrorCode[] = [
  'MALFORMED_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
];

function operation(name: string, route: Route, book: SchemaBook): JsonSchema {
  const body = route.body === undefined ? null : book.schemaOf(route.body, 'input');
  return {
    operationId: name,
    summary: route.summary,
    tags: [tagOf(route)],
    security: securityOf(route.access),
    'x-error-codes': errorsOf(route),
    parameters: parametersOf(route, book),
    ...(body === null ? {} : { requestBody: { required: true, content: json(body) } }),
    responses: { ...successes(route, book), ...failures(route) },
  };
}

function tagOf({ path, method }: Route): string {
  if (path.endsWith('/session')) return 'sessions';
  const reads = method === 'GET' || (method === 'PUT' && path.endsWith('/:article'));
  return reads ? 'threads' : 'comments';
}

function securityOf(access: Access): readonly JsonSchema[] {
  if (access === 'anyone') return [{}, { person: [] }, { service: [] }];
  if (access === 'person') return [{ person: [] }, { service: [] }];
  if (access === 'reader') return [{ person: [] }];
  return [{ service: [] }];
}

function parametersOf(route: Route, book: SchemaBook): readonly JsonSchema[] {
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'A repeat with the same key is answered with what the first one made.',
    schema: { type: 'string', pattern: '^[!-~]+$', maxLength: limits.idempotencyKeyChars },
  };
  const known = {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of what the caller has.',
    schema: { type: 'string' },
  };
  return [
    ...fieldsOf(route.params, 'path', book),
    ...fieldsOf(route.query, 'query', book),
    ...(route.idempotent === true ? [key] : []),
    ...(route.cache === 'shared' ? [known] : []),
  ];
}

/** Text in an address: the form after parsing, and whether it may be left out before. */
function fieldsOf(
  schema: z.ZodType | undefined,
  place: 'path' | 'query',
  book: SchemaBook,
): readonly JsonSchema[] {
  if (schema === undefined) return [];
  const parsed = book.schemaOf(schema, 'output');
  const sent = book.schemaOf(schema, 'input');
  const required = new Set(sent['required'] as readonly string[] | undefined);
  return Object.entries(parsed['properties'] as Record<string, JsonSchema>).map(
    ([name, { description, ...form }]) => ({
      name,
      in: place,
      required: place === 'path' || required.has(name),
      ...(description === undefined ? {} : { description }),
      ...(form['type'] === 'array' ? { style: 'form', explode: false } : {}),
      schema: form,
    }),
  );
}

function successes(route: Route, book: SchemaBook): JsonSchema {
  const content =
    route.reply === undefined ? {} : { content: json(book.schemaOf(route.reply, 'output')) };
  const statuses = route.statuses ?? [route.status];
  const named = Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: 'It worked.', headers: headersOf(route), ...content },
    ]),
  );
  const unchanged = { description: 'What the caller has is current.', headers: headersOf(route) };
  return route.cache === 'shared' ? { ...named, 304: unchanged } : named;
}

function headersOf(route: Route): JsonSchema {
  const names = [
    'RateLimit',
    'RateLimit-Policy',
    ...(route.cache === 'shared' ? ['ETag'] : []),
    ...(route.idempotent === true ? ['Location', 'Idempotent-Replayed'] : []),
  ];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** One answer a status; its description names the codes. */
function failures(route: Route): JsonSchema {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorsOf(route)) {
    const { status } = errorTable[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status]) => [status, { $ref: `#/components/responses/${status}` }]),
  );
}

/** Every error answer there is, by status. */
function responses(problem: JsonSchema): JsonSchema {
  const byStatus = new Map<number, string[]>();
  for (const [code, { status, title }] of Object.entries(errorTable)) {
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${title}.`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => [
      status,
      {
        description: lines.join('\n'),
        ...(status === 429 || status === 503
          ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }
          : {}),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

const headers = (): JsonSchema => ({
  RateLimit: header('What is left of the limit, IETF draft 8: `"3000-in-1min"; r=2999; t=60`.'),
  'RateLimit-Policy': header('The limit, IETF draft 8.'),
  'Retry-After': header('Seconds.', { type: 'integer' }),
  ETag: header('Names the state that was answered with.'),
  Location: header('Address of the comment.'),
  'Idempotent-Replayed': header('`true`: the key was answered before.'),
});

const header = (description: string, schema: JsonSchema = { type: 'string' }): JsonSchema => ({
  description,
  schema,
});

const json = (schema: JsonSchema): JsonSchema => ({ 'application/json': { schema } });
