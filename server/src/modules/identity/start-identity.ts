import type { Ctx } from '#platform/context';
import { openAccessTokens } from './access-token.ts';
import { createRefusals } from './api-keys/refusals.ts';
import { openAuth } from './better-auth.ts';
import { createDeviceCookie } from './device-cookie.ts';
import { identityPart } from './identity.ts';
import { createPrincipals } from './principals.ts';
import { readSession } from './sessions.ts';
import { createSignInLimit } from './sign-in-limit.ts';

/** Apart from identity.ts, so that users of the type do not load the libraries behind it. */
export async function startIdentity(ctx: Ctx): Promise<AsyncDisposable> {
  const principals = createPrincipals(ctx);
  const auth = await openAuth(ctx);
  ctx.parts.put(identityPart, {
    auth,
    accessTokens: await openAccessTokens(ctx),
    principals,
    signInLimit: createSignInLimit(),
    deviceCookie: createDeviceCookie(ctx),
    publicOrigin: new URL(ctx.config.http.publicUrl).origin,
    readSession: (request) => readSession(auth, request),
    refused: createRefusals(ctx),
  });
  return {
    async [Symbol.asyncDispose]() {
      principals[Symbol.dispose]();
    },
  };
}
