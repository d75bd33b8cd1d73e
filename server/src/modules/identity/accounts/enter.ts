import type { SignedIn } from '@watchkeeper/contracts/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseForeign } from '../csrf.ts';
import { signIn } from '../sessions.ts';

type Call = Pick<FastifyRequest, 'headers' | 'peer' | 'identity'>;

/** The body is the credential: another site's page must not send it in somebody's browser. */
export async function ownPagesOnly(request: Pick<FastifyRequest, 'headers' | 'identity'>): Promise<void> {
  refuseForeign(request.headers, request.identity.publicOrigin);
}

/** A one-time token is guessed at from a place, not for an account; so the place is what is counted. */
export async function limitedLink<T>(request: Call, use: () => Promise<T>): Promise<T> {
  const { signInLimit } = request.identity;
  const account = `one-time link from ${request.peer}`;
  const trial = { account, peer: request.peer, device: undefined };
  await signInLimit.take(trial);
  const result = await use();
  await signInLimit.succeeded(trial);
  return result;
}

export async function enter(
  request: Call,
  reply: FastifyReply,
  input: { email: string; password: string; rememberMe: boolean },
): Promise<SignedIn> {
  const { user, cookies } = await signIn(request.identity.auth, request, input);
  // Programs keep no cookies from one sign-in to the next.
  const browser = request.headers['user-agent']?.startsWith('Mozilla/') === true;
  const known = browser ? [request.identity.deviceCookie.write(input.email)] : [];
  neverStore(reply).header('set-cookie', [...cookies, ...known]);
  return { user };
}

/** The answer carries a credential, or says who somebody is: nothing on the way may keep it. */
export function neverStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
