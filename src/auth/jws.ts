/** A signed token taken apart, nothing of it believed yet. Source: RFC 7515. */
export interface Jws {
  readonly header: { readonly alg: string; readonly typ: string; readonly kid: string | null };
  readonly payload: Readonly<Record<string, unknown>>;
  /** What is signed: header and payload as they were sent. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** Characters of a token above which nothing of it is read. */
export const maxTokenChars = 4_096;

/**
 * Reads the compact form, or null: too long, not three canonical base64url parts, not JSON objects,
 * or a header that names its own key or asks for extensions.
 */
export function parseJws(token: string): Jws | null {
  if (token.length > maxTokenChars || !shape.test(token)) return null;
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decodeObject(head);
  const payload = decodeObject(body);
  const mac = decode(signature);
  if (header === null || payload === null || mac === null) return null;
  if (refusedHeaders.some((name) => Object.hasOwn(header, name))) return null;
  const { alg, typ, kid = null } = header;
  if (typeof alg !== 'string' || typeof typ !== 'string') return null;
  if (kid !== null && typeof kid !== 'string') return null;
  return { header: { alg, typ, kid }, payload, signed: `${head}.${body}`, signature: mac };
}

const shape = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** A key inside the token is the sender's, an address of one makes us fetch, `crit` asks for what we lack. */
const refusedHeaders = ['jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'zip', 'enc'];

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null where the text is not the one canonical form of its bytes. */
function decode(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

function decodeObject(text: string): Record<string, unknown> | null {
  const bytes = decode(text);
  if (bytes === null) return null;
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
