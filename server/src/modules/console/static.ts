import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { isConsolePage } from '@watchkeeper/contracts/console-pages';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import { webFolder } from '#platform/places';

const pageHeaders = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'x-frame-options': 'DENY',
} as const;

/** The console: browsers cache the hashed assets for a year, and the page itself never. */
export async function staticRoutes(app: App): Promise<void> {
  const built = existsSync(path.join(webFolder, 'index.html'));
  if (built) {
    // The plugin makes its routes itself. They are public, like the page.
    app.addHook('onRoute', (route) => {
      if (route.url.startsWith('/assets/')) route.schema = { ...route.schema, access: 'public' };
    });
    await app.register(fastifyStatic, {
      root: path.join(webFolder, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      decorateReply: true,
      // The build writes a compressed copy beside each asset.
      preCompressed: true,
    });
  }

  app.get('/*', { schema: { hide: true, access: 'public' } }, async (request, reply) => {
    if (!built || !isNavigation(request)) {
      throw new AppError(
        'not_found',
        built ? 'There is nothing at this path.' : 'The console is not built; run npm run build.',
      );
    }
    return await sendPage(reply, app.publicPath);
  });
}

/** A browser that opens a page of the console. A program with a wrong address must get an error instead of the page. */
function isNavigation({ url, headers }: FastifyRequest): boolean {
  const { accept = '*/*' } = headers;
  return isConsolePage(url.split(/[?#]/, 1)[0] ?? '') && /text\/html|\*\/\*/.test(accept);
}

/**
 * Read from disk each time, because there may be a new build. The page tells the scripts the path where the console is
 * served.
 */
async function sendPage(reply: FastifyReply, publicPath: string): Promise<FastifyReply> {
  const page = await readFile(path.join(webFolder, 'index.html'), 'utf8');
  return reply
    .headers(pageHeaders)
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(
      page
        .replaceAll('"./assets/', `"${publicPath}/assets/`)
        .replace('name="watchkeeper-base" content=""', `name="watchkeeper-base" content="${publicPath}"`),
    );
}
