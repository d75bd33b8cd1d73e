import { type Permission, permissions } from '@watchkeeper/contracts';
import type { FastifySchema } from 'fastify';
import type { App } from '#platform/http/app';
import type { Principal } from './principal.ts';
import { lacks } from './scope.ts';

/**
 * Who may use a route, as its schema declares it in `access`. Closed:
 * - `public`: anybody; a secret, if there is one, is in the address or the body, and the route checks it
 * - `signed_in`: any valid credential, with any rights
 * - a permission: in `{org}` of the path; without one, in at least one organization
 * - `device|` and a permission: also a device with its token; the route checks the token itself
 * - `body|` and a permission: the key may also be in the body; the route reads it and calls `authorizeByKey`
 */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'signed_in' }
  | {
      readonly kind: 'permission';
      readonly permission: Permission;
      /** Callers without one of our credentials are let through: the route itself judges them. */
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

/** undefined: no route has this path. */
export function accessOf(schema: FastifySchema | undefined): Access | undefined {
  return schema?.access === undefined ? undefined : words.get(schema.access);
}

/** The server does not start while a route declares no `access`. */
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

/** A route without `{org}` needs the permission in at least one organization. @throws forbidden */
export function requireSomewhere(principal: Principal, permission: Permission): void {
  if (principal.everywhere?.has(permission) === true) return;
  if (principal.grants.some((grant) => grant.permissions.has(permission))) return;
  throw lacks(permission);
}
