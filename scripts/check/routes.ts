import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import type { RouteOptions } from 'fastify';
import { readConfig } from '#config';
import { systemClock } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { createLogger } from '#platform/log';
import { createMetrics } from '#platform/metrics';
import type { House } from '#platform/module';
import { accessOf } from '../../server/src/modules/identity/access.ts';
import { reaches, readCode } from './mentions.ts';

/** A route as its module declares it. It is never called here. */
export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly operationId: string | undefined;
  readonly access: string | undefined;
  /** Why a writing route leaves no record in the audit. */
  readonly unaudited: string | undefined;
  /** The source text of its handler. */
  readonly handler: string;
}

/** Builds HTTP as the server does, without a database, and lists the routes of the modules. */
export async function declaredRoutes(house: House): Promise<DeclaredRoute[]> {
  const { createHttp } = await import('#platform/http/build');
  const ctx = unusedCtx();
  const app = createHttp(ctx);
  const found: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void found.push(route));
  for (const module of house) await (await module.http?.())?.routes(app, ctx, house);
  // Read only now, because hooks of a module may have completed them.
  return found.flatMap(({ method, url, schema, config, handler }) =>
    [method].flat().map((one) => ({
      method: one,
      url,
      operationId: schema?.operationId,
      access: schema?.access,
      unaudited: config?.unaudited,
      handler: handler.toString(),
    })),
  );
}

/** The part of Ctx that declaring routes needs. Everything else is used only when a request comes. */
function unusedCtx(): Ctx {
  const config = readConfig({});
  const unused: object = new Proxy(() => unused, { get: () => unused });
  // A part is put when a module starts, so that what the house holds does not depend on its routes.
  const put = () => {
    throw new Error(
      'A part is put while routes are added: put it in the start of the module or of its http.ts.',
    );
  };
  const own = {
    config,
    clock: systemClock,
    log: createLogger({ level: 'silent' }),
    metrics: createMetrics(),
    parts: { put, get: () => unused, ensure: () => unused },
  };
  // Safe because the stand-in for everything else can be read and called, without any effect.
  return new Proxy(own, { get: (target, name) => Reflect.get(target, name) ?? unused }) as unknown as Ctx;
}

const writing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Proves that every route says who may use it, and that every route that could write is audited, or says why not. */
export async function checkRoutes(root: string): Promise<string[]> {
  const { modules } = await import('../../server/src/app.ts');
  const routes = await declaredRoutes(modules);
  const code = await readCode(root);
  const sources = await routeSources([...code.keys()]);
  const record = `${path.join(root, 'server/src/modules/identity/audit/store.ts')}#insertAudit`;
  const audited = (route: DeclaredRoute) =>
    filesOf(route, sources).some((file) => reaches(code, { file, text: route.handler }, record));
  return [...permissionFaults(routes), ...auditFaults(routes, audited)];
}

export function permissionFaults(routes: readonly DeclaredRoute[]): string[] {
  return routes
    .filter(({ access }) => accessOf(access === undefined ? undefined : { access }) === undefined)
    .map(({ method, url, access = 'nothing' }) => {
      const words = 'a permission, "signed_in" or "public" (identity/access.ts)';
      return `${method} ${url}: schema.access says ${access}; it must say who may use the route: ${words}`;
    });
}

export function auditFaults(
  routes: readonly DeclaredRoute[],
  audited: (route: DeclaredRoute) => boolean,
): string[] {
  return routes.flatMap((route) => {
    const { method, url, unaudited } = route;
    if (!writing.has(method)) return [];
    if (audited(route))
      return unaudited === undefined
        ? []
        : [`${method} ${url}: it says that it is not audited ("${unaudited}"), but it is; take that out`];
    return unaudited === undefined || unaudited.trim() === ''
      ? [
          `${method} ${url}: its handler never reaches audit(); record the write, or say why not in config.unaudited`,
        ]
      : [];
  });
}

/** The files that add routes, as Node runs them, because a handler's source is a part of one. */
async function routeSources(files: readonly string[]): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const file of files) {
    const source = await readFile(file, 'utf8');
    if (source.includes('http/app')) sources.set(file, stripTypeScriptTypes(source));
  }
  return sources;
}

function filesOf(route: DeclaredRoute, sources: ReadonlyMap<string, string>): string[] {
  return [...sources].filter(([, source]) => source.includes(route.handler)).map(([file]) => file);
}
