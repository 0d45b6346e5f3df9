import { z } from 'zod';

/** What one error code means to whoever receives it; `docs/errors.md` is made of this. */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  /** What brought it about. */
  readonly cause: string;
  /** What the caller does next. */
  readonly fix: string;
}

const entry = (status: number, title: string, cause: string, fix: string): ErrorEntry => ({
  status,
  title,
  cause,
  fix,
});

/** Every error code of the API, in REST and in socket acknowledgements. */
export const errorTable = {
  MALFORMED_JSON: entry(
    400,
    'The body is not JSON',
    'The request body could not be read as JSON in UTF-8, is nested deeper than 8 levels, or names a forbidden key such as `__proto__`.',
    'Send one well-formed JSON object in UTF-8.',
  ),
  MALFORMED_TEXT: entry(
    400,
    'The text is not well-formed',
    'A text holds a lone surrogate or U+0000 and cannot be stored as Unicode.',
    'Send well-formed Unicode.',
  ),
  MALFORMED_QUERY: entry(
    400,
    'The query string is malformed',
    'A query key is repeated, has brackets, or is not well-formed percent-encoding.',
    'Send every key once, without brackets.',
  ),
  UNAUTHENTICATED: entry(
    401,
    'No valid credentials',
    'The call needs a token and none was sent, or the one sent is not valid here.',
    'Open a session, or send a valid token or key as `Authorization: Bearer …`.',
  ),
  TOKEN_EXPIRED: entry(
    401,
    'The token has expired',
    'The access token is older than its lifetime.',
    'Exchange the refresh token (or a new SSO token) at `session` and repeat the call.',
  ),
  FORBIDDEN: entry(
    403,
    'Not allowed',
    'Whoever calls may not do this.',
    'Use credentials with the right scope or role.',
  ),
  BANNED: entry(
    403,
    'The author is banned',
    'A moderator has ended this author’s right to post.',
    'Nothing; the message says until when.',
  ),
  GUESTS_NOT_WELCOME: entry(
    403,
    'Members only',
    'This site takes comments from signed-in members only.',
    'Sign in with the publisher.',
  ),
  NOT_ANNOUNCED: entry(
    403,
    'The article is not announced',
    'This site takes comments for announced articles only.',
    'Announce it with `PUT …/articles/{article}` and a service key.',
  ),
  EDIT_WINDOW_OVER: entry(
    403,
    'The edit window is over',
    'A comment can be edited for a few minutes after it was written.',
    'Write a new comment.',
  ),
  THREAD_CLOSED: entry(
    403,
    'The thread is closed',
    'The discussion takes no new comments, replies or edits.',
    'Nothing; reading, voting and reporting go on.',
  ),
  NOT_FOUND: entry(
    404,
    'Not found',
    'It does not exist here, or the caller may not know of it.',
    'Check the site, article and id.',
  ),
  METHOD_NOT_ALLOWED: entry(
    405,
    'Method not allowed',
    'The address exists, but not for this method.',
    'See the `Allow` header.',
  ),
  CONFLICT: entry(
    409,
    'Changed in the meantime',
    'The comment has moved on since the version that the request names.',
    'Read the current state, and decide again.',
  ),
  INVALID_TRANSITION: entry(
    409,
    'Not possible in this state',
    'The comment is in a state in which the action does not exist.',
    'Read the current state.',
  ),
  PARENT_GONE: entry(
    409,
    'The comment to be answered is gone',
    'Only an approved comment can be answered, and this one is not (any more).',
    'Post it as a comment of its own.',
  ),
  BODY_TOO_LARGE: entry(
    413,
    'The body is too large',
    'The body is larger than 32 kB.',
    'Send less.',
  ),
  UNSUPPORTED_MEDIA_TYPE: entry(
    415,
    'Not a JSON request',
    'The body is of another type than `application/json`, compressed, or in another charset.',
    'Send `Content-Type: application/json` in UTF-8, uncompressed.',
  ),
  INVALID_INPUT: entry(
    422,
    'Some input is not valid',
    'A field is missing, unknown, of the wrong type or out of its limits; `errors` names each by its path.',
    'Correct the fields that `errors` names.',
  ),
  IDEMPOTENCY_MISMATCH: entry(
    422,
    'The key was used for another body',
    'The Idempotency-Key was used before with a different request.',
    'Use a new key for a new request.',
  ),
  REFUSED: entry(
    422,
    'The text was refused',
    'Screening refused the text; `rule` names the rule, `detail` says what is wrong.',
    'Change the text as the rule asks.',
  ),
  RATE_LIMITED: entry(
    429,
    'Too many requests',
    'A limit was reached; `rule` names it.',
    'Wait `Retry-After` seconds, then repeat.',
  ),
  INTERNAL: entry(
    500,
    'Something went wrong here',
    'An error of ours; it is in the log under the request id.',
    'Repeat later; give the request id to whoever runs the server.',
  ),
  STORE_UNAVAILABLE: entry(
    503,
    'The store does not answer',
    'The database is down, full or too slow.',
    'Repeat after `Retry-After` seconds with the same Idempotency-Key.',
  ),
  OVERLOADED: entry(
    503,
    'Too busy',
    'More requests wait than the server takes on.',
    'Repeat after `Retry-After` seconds with the same Idempotency-Key.',
  ),
  SHUTTING_DOWN: entry(
    503,
    'The server is stopping',
    'The server is leaving; another will answer.',
    'Repeat after `Retry-After` seconds with the same Idempotency-Key.',
  ),
  STORE_CLOSED: entry(
    503,
    'The store is closed',
    'The server has closed its database while stopping.',
    'Repeat after `Retry-After` seconds with the same Idempotency-Key.',
  ),
} as const satisfies Record<string, ErrorEntry>;

/** The name of an error: stable once released, safe to switch on. */
export type ErrorCode = keyof typeof errorTable;

/** All error codes, in the order of the table. */
export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]; // keys of a literal

/** One mistake in a request: where it stands, and what is wrong. */
export const FieldError = z
  .strictObject({
    path: z.string().describe('Dotted path of the field, such as `author.name` or `query.limit`.'),
    message: z.string(),
  })
  .meta({ id: 'FieldError' });

/** RFC 9457 `application/problem+json`, the form of every error answer. */
export const Problem = z
  .strictObject({
    type: z.string().describe('Address of the page that explains this code.'),
    title: z.string(),
    status: z.int(),
    code: z.enum(errorCodes),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(FieldError).optional(),
    rule: z.string().optional().describe('The rule of screening or the limit that refused.'),
    retryAfter: z.int().optional().describe('Seconds; the same as the `Retry-After` header.'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof Problem>;
export type FieldError = z.infer<typeof FieldError>;
