import type { SignedIn } from '@watchkeeper/contracts/identity';
import { isAPIError } from 'better-auth/api';
import type { FastifyRequest } from 'fastify';
import { AppError, invalidField } from '#platform/errors';
import { type Auth, peerHeader } from './better-auth.ts';

export type Call = Pick<FastifyRequest, 'headers' | 'peer'>;

/** The session of a browser's cookie; `cookies` renews it when it is due. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly cookies: readonly string[];
}

export async function readSession(auth: Auth, request: Call): Promise<Session | undefined> {
  const { headers, response } = await translate(() =>
    auth.api.getSession({ headers: headersOf(request), returnHeaders: true }),
  );
  if (response === null) return undefined;
  return { id: response.session.id, userId: response.session.userId, cookies: headers.getSetCookie() };
}

export async function signIn(
  auth: Auth,
  request: Call,
  input: { email: string; password: string; rememberMe: boolean },
): Promise<SignedIn & { cookies: string[] }> {
  const { headers, response } = await translate(() =>
    auth.api.signInEmail({ body: input, headers: headersOf(request), returnHeaders: true }),
  );
  const { id, email, name } = response.user;
  return { user: { id, email, name }, cookies: headers.getSetCookie() };
}

export async function signOut(auth: Auth, request: Call): Promise<string[]> {
  const { headers } = await translate(() =>
    auth.api.signOut({ headers: headersOf(request), returnHeaders: true }),
  );
  return headers.getSetCookie();
}

/** Ends all other sessions of the person, because another person may have used the old password. */
export async function changePassword(
  auth: Auth,
  request: Call,
  input: { current_password: string; new_password: string },
): Promise<string[]> {
  const body = {
    currentPassword: input.current_password,
    newPassword: input.new_password,
    revokeOtherSessions: true,
  };
  const { headers } = await translate(() =>
    auth.api.changePassword({ body, headers: headersOf(request), returnHeaders: true }),
  );
  return headers.getSetCookie();
}

function headersOf(request: Call): Headers {
  const headers = new Headers({ [peerHeader]: request.peer });
  const { cookie } = request.headers;
  const agent = request.headers['user-agent'];
  if (cookie !== undefined) headers.set('cookie', cookie);
  if (agent !== undefined) headers.set('user-agent', agent.slice(0, 512));
  return headers;
}

/**
 * The library's errors in our words. Its 5xx errors hide their cause; the only outside part it needs is the
 * database.
 */
async function translate<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isAPIError(error)) throw error;
    if (error.statusCode >= 500) {
      throw new AppError(
        'database_unavailable',
        'Sessions cannot be read at the moment. Try again shortly.',
        {
          cause: error,
          retryAfterSeconds: 5,
        },
      );
    }
    const code = error.body?.code;
    if (code === 'INVALID_PASSWORD') throw invalidField('current_password', 'is not your password');
    if (error.statusCode === 401) throw new AppError('unauthenticated', wrongPassword);
    throw new AppError('bad_request', error.body?.message ?? 'This cannot be done.', { cause: error });
  }
}

/** One text for every reason, so that it does not reveal which addresses have accounts. */
export const wrongPassword = 'The e-mail address or the password is wrong.';
