import { z } from 'zod';
import { AuthorView, Timestamp } from './comment.js';

/** Body that opens a session: a guest's name, the publisher's token, or a refresh token. */
export const OpenSession = z
  .union([
    z.strictObject({ name: z.string().min(1).max(200) }),
    z.strictObject({ sso: z.string().min(1).max(4_096) }),
    z.strictObject({ refreshToken: z.string().min(1).max(200) }),
  ])
  .meta({ id: 'OpenSession' });

/** A session: a short-lived access token, and what renews it. */
export const Session = z
  .strictObject({
    accessToken: z.string(),
    expiresAt: Timestamp,
    refreshToken: z.string(),
    user: AuthorView,
  })
  .meta({ id: 'Session' });

export type OpenSession = z.infer<typeof OpenSession>;
export type Session = z.infer<typeof Session>;
