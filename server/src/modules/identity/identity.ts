import type { Ctx } from '#platform/context';
import { definePart } from '#platform/parts';
import type { AccessTokens } from './access-token.ts';
import type { Auth } from './better-auth.ts';
import type { DeviceCookie } from './device-cookie.ts';
import type { RequestMarks } from './principal.ts';
import type { Principals } from './principals.ts';
import type { Call, Session } from './sessions.ts';
import type { SignInLimit } from './sign-in-limit.ts';

/** What identity holds for the life of a process that serves HTTP. */
export interface Identity {
  readonly auth: Auth;
  readonly accessTokens: AccessTokens;
  readonly principals: Principals;
  readonly signInLimit: SignInLimit;
  readonly deviceCookie: DeviceCookie;
  readonly publicOrigin: string;
  /** The session of the request's cookie. */
  readSession(request: Call): Promise<Session | undefined>;
  /** Records that a bearer credential was refused. */
  refused(marks: RequestMarks, token: string | undefined): Promise<void>;
}

export const identityPart = definePart<Identity>('identity');

export function identityOf(ctx: Pick<Ctx, 'parts'>): Identity {
  return ctx.parts.get(identityPart);
}
