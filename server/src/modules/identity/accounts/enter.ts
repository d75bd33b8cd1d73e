import type { SignedIn } from '@watchkeeper/contracts/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseForeign } from '../csrf.ts';
import { signIn } from '../sessions.ts';

type Call = Pick<FastifyRequest, 'headers' | 'peer' | 'identity'>;

/** The body is the credential: another site's page must not send it in somebody's browser. */
export async function ownPagesOnly(request: Pick<FastifyRequest, 'headers' | 'identity'>): Promise<void> {
  refuseForeign(request.headers, request.identity.publicOrigin);
}

/** One-time tokens are guessed from a network, not for an account, so tries are counted by network. */
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
  // Programs do not keep cookies between sign-ins.
  const browser = request.headers['user-agent']?.startsWith('Mozilla/') === true;
  const known = browser ? [request.identity.deviceCookie.write(input.email)] : [];
  neverStore(reply).header('set-cookie', [...cookies, ...known]);
  return { user };
}

/** The answer holds a credential or personal data: caches on the way must not store it. */
export function neverStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
