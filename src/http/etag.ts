import { createHash } from 'node:crypto';
import type { Site } from '../domain/site.js';

/**
 * The ETag of a read of one thread, known before the answer is built: its key, its revision, the
 * version of the site whose settings show in it, and what was asked for.
 */
export const threadEtag = (tk: string, rev: number, site: Site, asked: string): string =>
  `W/"${tk}.${rev}.${site.version}.${asked === '' ? '' : digest(asked)}"`;

/** The ETag of a read that spans threads: what it says. */
export const contentEtag = (text: string): string => `W/"${digest(text)}"`;

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 16);
