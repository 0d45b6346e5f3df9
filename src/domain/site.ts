import type { ModerationMode } from '../contract/site.js';

/** A limit of one kind: `points` in any window of `seconds`. */
export interface Rule {
  readonly points: number;
  readonly seconds: number;
}

/** How a publisher's tokens are checked: the algorithm is pinned by the key, never read from the token. */
export interface SsoKey {
  /** Looked up exactly; null: the key for tokens without `kid`. */
  readonly kid: string | null;
  readonly algorithm: 'HS256' | 'RS256' | 'ES256' | 'EdDSA';
  /** Secret (HS256) or public key in PEM form. */
  readonly key: string;
}

/** One embedding publisher and its settings; nothing crosses sites. */
export interface Site {
  readonly id: string;
  readonly name: string;
  /** Origins that may embed it, exact: scheme, host and port. */
  readonly origins: readonly string[];
  /** Whether readers may post with a name only. */
  readonly guests: boolean;
  readonly moderation: ModerationMode;
  /** With mode `first`: approved comments after which an author is known. */
  readonly knownAfter: number;
  /** Takes comments for announced articles only. */
  readonly announcedOnly: boolean;
  readonly editWindowSeconds: number;
  /** Names that nobody else may use, as displayed. */
  readonly staffNames: readonly string[];
  readonly sso: {
    readonly issuer: string;
    readonly keys: readonly SsoKey[];
    /** Whether a token's role `moderator` counts. */
    readonly roles: boolean;
  } | null;
  /** Reports of different addresses that hide a comment; null: never. */
  readonly reportsHide: number | null;
  readonly limits: {
    readonly guestComment: readonly Rule[];
    readonly memberComment: readonly Rule[];
    readonly addressComment: readonly Rule[];
    readonly serviceComment: readonly Rule[];
    readonly vote: readonly Rule[];
    readonly report: readonly Rule[];
    readonly preview: readonly Rule[];
  };
  readonly version: number;
}

/** The settings of a site that nobody has touched. */
export const newSite = (id: string, name = id): Site => ({
  id,
  name,
  origins: [],
  guests: true,
  moderation: 'open',
  knownAfter: 3,
  announcedOnly: false,
  editWindowSeconds: 300,
  staffNames: [],
  sso: null,
  reportsHide: null,
  limits: {
    guestComment: [
      { points: 1, seconds: 10 },
      { points: 5, seconds: 300 },
      { points: 30, seconds: 86_400 },
    ],
    memberComment: [{ points: 10, seconds: 60 }],
    addressComment: [{ points: 60, seconds: 300 }],
    serviceComment: [{ points: 100, seconds: 1 }],
    vote: [{ points: 30, seconds: 60 }],
    report: [{ points: 5, seconds: 600 }],
    preview: [{ points: 30, seconds: 60 }],
  },
  version: 0,
});
