import type { Ctx } from '#platform/context';
import { type AccessTokens, openAccessTokens } from './access-token.ts';
import { createRefusals } from './api-keys/refusals.ts';
import { type Auth, openAuth } from './better-auth.ts';
import { createDeviceCookie, type DeviceCookie } from './device-cookie.ts';
import type { RequestMarks } from './principal.ts';
import { createPrincipals, type Principals } from './principals.ts';
import { createSignInLimit, type SignInLimit } from './sign-in-limit.ts';

/** What identity holds for the life of a process. */
export interface Identity {
  readonly auth: Auth;
  readonly accessTokens: AccessTokens;
  readonly principals: Principals;
  readonly signInLimit: SignInLimit;
  readonly deviceCookie: DeviceCookie;
  readonly publicOrigin: string;
  /** Records that a bearer credential was refused. */
  refused(marks: RequestMarks, token: string | undefined): Promise<void>;
}

const started = new WeakMap<Ctx, Identity>();

export async function startIdentity(ctx: Ctx): Promise<AsyncDisposable> {
  const principals = createPrincipals(ctx);
  started.set(ctx, {
    auth: await openAuth(ctx),
    accessTokens: await openAccessTokens(ctx),
    principals,
    signInLimit: createSignInLimit(),
    deviceCookie: createDeviceCookie(ctx),
    publicOrigin: new URL(ctx.config.http.publicUrl).origin,
    refused: createRefusals(ctx),
  });
  return {
    async [Symbol.asyncDispose]() {
      started.delete(ctx);
      principals[Symbol.dispose]();
    },
  };
}

export function identityOf(ctx: Ctx): Identity {
  const identity = started.get(ctx);
  if (identity === undefined)
    throw new Error('Identity is not started; app.ts starts modules before it builds HTTP.');
  return identity;
}
