import { passwordLengthMax } from '@watchkeeper/contracts/identity';
import { betterAuth } from 'better-auth';
import type { Ctx } from '#platform/context';
import { newId, newSecret } from '#platform/ids';
import { ensureKey } from './accounts/store.ts';
import { product } from './session-cookie.ts';

/** A session ends after a week without a visit; each day of use renews it. */
const sessionSeconds = 7 * 86_400;
const renewAfterSeconds = 86_400;

/** Set by us on every call, from the connection; never taken from a request's own headers. */
export const peerHeader = 'x-watchkeeper-peer';

const times = { createdAt: 'created_at', updatedAt: 'updated_at' } as const;
const sessionColumns = {
  ...times,
  userId: 'user_id',
  expiresAt: 'expires_at',
  ipAddress: 'ip_address',
  userAgent: 'user_agent',
} as const;
const accountColumns = {
  ...times,
  userId: 'user_id',
  accountId: 'account_id',
  providerId: 'provider_id',
  accessToken: 'access_token',
  refreshToken: 'refresh_token',
  idToken: 'id_token',
  accessTokenExpiresAt: 'access_token_expires_at',
  refreshTokenExpiresAt: 'refresh_token_expires_at',
} as const;

export type Auth = ReturnType<typeof buildAuth>;

export async function openAuth(ctx: Pick<Ctx, 'db' | 'clock' | 'config' | 'vault' | 'log'>): Promise<Auth> {
  const fresh = { id: newId(), sealed: ctx.vault.seal(newSecret('')), now: new Date(ctx.clock.now()) };
  const row = await ctx.db.system((tx) => ensureKey(tx, 'session', fresh));
  if (row === undefined) throw new Error('The key that signs session cookies is not there.');
  return buildAuth(ctx, ctx.vault.open(row.sealed));
}

/**
 * Sessions and passwords. Its HTTP handler is not mounted: our routes call its functions, so that the
 * surface is the list in accounts/routes.ts, and origin checks, limits and error bodies are ours throughout.
 */
function buildAuth(ctx: Pick<Ctx, 'db' | 'config' | 'log'>, secret: string) {
  const { protocol, pathname } = new URL(ctx.config.http.publicUrl);
  const secure = protocol === 'https:';
  const path = pathname.replace(/\/+$/, '') || '/';
  return betterAuth({
    appName: 'Watchkeeper',
    baseURL: ctx.config.http.publicUrl,
    secret,
    database: ctx.db.pool,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      // accounts/password-rules.ts has the rules for new passwords; the library only limits the length.
      minPasswordLength: 1,
      maxPasswordLength: passwordLengthMax,
    },
    session: {
      modelName: 'sessions',
      fields: sessionColumns,
      expiresIn: sessionSeconds,
      updateAge: renewAfterSeconds,
    },
    user: { modelName: 'users', fields: { ...times, emailVerified: 'email_verified' } },
    account: { modelName: 'accounts', fields: accountColumns },
    verification: {
      modelName: 'verifications',
      fields: { ...times, expiresAt: 'expires_at' },
      storeIdentifier: 'hashed',
    },
    advanced: {
      database: { generateId: () => newId() },
      // `__Host-`: no other host of the domain can plant a session. It needs https and the root, so plainer names without.
      cookiePrefix: `${secure ? (path === '/' ? '__Host-' : '__Secure-') : ''}${product}`,
      useSecureCookies: false,
      defaultCookieAttributes: { secure, httpOnly: true, sameSite: 'lax', path },
      ipAddress: { ipAddressHeaders: [peerHeader] },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: 'warn',
      log: (level, message, ...details) =>
        ctx.log[level === 'error' ? 'warn' : 'debug']({ details }, message),
    },
  });
}
