import { type Permission, permissions } from '@watchkeeper/contracts';
import type { FastifySchema } from 'fastify';
import type { App } from '#platform/http/app';
import type { Principal } from './principal.ts';
import { lacks } from './scope.ts';

/**
 * Who may use a route, as its schema declares it in `access`. Closed:
 * - `public`: anybody; if there is a secret, it stands in the address or the body and the route judges it
 * - `signed_in`: any good credential, whatever it may do
 * - a permission: in `{org}` of the path; without one, in at least one organization
 * - `device|` and a permission: a device by its token as well; the route judges the token at its own door
 * - `body|` and a permission: the key may also stand in the body; the route reads it, and asks `authorizeByKey`
 */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'signed_in' }
  | {
      readonly kind: 'permission';
      readonly permission: Permission;
      /** Who comes without one of our credentials is not turned away at the door: the route judges it. */
      readonly later: boolean;
    };

const words = new Map<string, Access>([
  ['public', { kind: 'public' }],
  ['signed_in', { kind: 'signed_in' }],
  ...permissions.flatMap((permission): [string, Access][] => [
    [permission, { kind: 'permission', permission, later: false }],
    [`device|${permission}`, { kind: 'permission', permission, later: true }],
    [`body|${permission}`, { kind: 'permission', permission, later: true }],
  ]),
]);

/** undefined: a path that is no route. */
export function accessOf(schema: FastifySchema | undefined): Access | undefined {
  return schema?.access === undefined ? undefined : words.get(schema.access);
}

/** A route that does not say who may use it never goes on duty: the server does not start. */
export function requireDeclaredAccess(app: App): void {
  const undeclared: string[] = [];
  const routes: { url: string; method: string | string[]; schema?: FastifySchema }[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  app.addHook('onReady', async () => {
    for (const { url, method, schema } of routes) {
      if (accessOf(schema) === undefined) undeclared.push(`${method} ${url}`);
    }
    if (undeclared.length > 0)
      throw new Error(`Routes without a word on who may use them (schema.access): ${undeclared.join(', ')}`);
  });
}

/** What a route without `{org}` asks: the permission in one organization at least. @throws forbidden */
export function requireSomewhere(principal: Principal, permission: Permission): void {
  if (principal.everywhere?.has(permission) === true) return;
  if (principal.grants.some((grant) => grant.permissions.has(permission))) return;
  throw lacks(permission);
}
