import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Headers of every answer of the API, name by name: no page may frame or run it. */
export const apiHeaders = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
} as const;

/** Puts the headers of the API on the answer; pages replace the policy by their own. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  for (const [name, value] of Object.entries(apiHeaders)) response.setHeader(name, value);
  next();
};

/**
 * Headers of our own pages: script, style and connections from here only, no inline code, and no
 * text that becomes markup (Trusted Types without any policy).
 */
export const pageHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'font-src': ["'self'"],
      'connect-src': ["'self'"],
      'frame-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'self'"],
      'require-trusted-types-for': ["'script'"],
      'trusted-types': ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  // Whoever ends TLS in front decides about HSTS and for which names.
  strictTransportSecurity: false,
  xFrameOptions: { action: 'sameorigin' },
});
