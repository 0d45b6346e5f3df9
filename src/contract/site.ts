import { z } from 'zod';
import { limits } from './limits.js';

/** Id of a site: part of addresses, chosen once by whoever runs the server. */
export const SiteId = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    'Lower-case letters, digits and hyphens, 1 to 40.',
  );

/** The publisher's own id of an article, 1 to 200 characters. */
export const ArticleId = z
  .string()
  .min(1)
  .max(limits.articleChars)
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'No control characters.')
  .refine((id) => id.isWellFormed(), 'Not well-formed Unicode.');

/**
 * Which comments wait for a moderator: none, an author's first ones, those with links, all.
 */
export const ModerationMode = z.enum(['open', 'first', 'links', 'all']);

/** Scopes of a service key. */
export const Scope = z.enum(['read', 'write', 'moderate', 'admin']);

export type ModerationMode = z.infer<typeof ModerationMode>;
export type Scope = z.infer<typeof Scope>;
