import type { RequestHandler } from 'express';
import helmet from 'helmet';

const strict = helmet({
  contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
});

/** Swagger UI and the dashboard are pages with scripts of their own and styles in their elements. */
const pages = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'", 'https://fonts.googleapis.com'],
      fontSrc: ["'self'", 'data:', 'https://fonts.gstatic.com'],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
});

const PAGES = /^\/(?:docs|admin\/queues)(?:\/|$)/;

/** Security headers: nothing may be loaded into an API answer, pages may load what is ours. */
export const securityHeaders: RequestHandler = (request, response, next) =>
  (PAGES.test(request.path) ? pages : strict)(request, response, next);
