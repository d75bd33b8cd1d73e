import { timingSafeEqual } from 'node:crypto';
import type { Ctx } from '#platform/context';
import { publicPathOf } from '#platform/http/public-path';
import { newSecret } from '#platform/ids';

/** A browser is known for half a year after its last sign-in. */
const knownSeconds = 180 * 86_400;

/**
 * A mark in a browser that has signed in to an account. It gives no access. It gives this browser its own
 * limit of password tries, so that guesses of a stranger do not lock the person out.
 */
export interface DeviceCookie {
  /**
   * The browser's mark for this account; undefined when there is none, or when it is for another account or
   * not ours.
   */
  read(cookieHeader: string | undefined, email: string): string | undefined;
  /** For Set-Cookie, after a sign-in. */
  write(email: string): string;
}

export function createDeviceCookie(ctx: Pick<Ctx, 'vault' | 'config'>): DeviceCookie {
  const secure = ctx.config.http.publicUrl.startsWith('https://');
  const below = publicPathOf(ctx.config.http.publicUrl);
  // Browsers accept __Host- only at the root of a host.
  const prefix = secure ? (below === '' ? '__Host-' : '__Secure-') : '';
  const name = `${prefix}watchkeeper.device`;
  const seal = (mark: string, email: string) =>
    ctx.vault.digest(`device ${mark} ${email.toLowerCase()}`).toString('base64url');
  return {
    read(header, email) {
      const [, mark, given] =
        header === undefined ? [] : (new RegExp(`(?:^|; *)${name}=([\\w-]+)\\.([\\w-]+)`).exec(header) ?? []);
      if (mark === undefined || given === undefined) return undefined;
      const expected = Buffer.from(seal(mark, email));
      const found = Buffer.from(given);
      return expected.length === found.length && timingSafeEqual(expected, found) ? mark : undefined;
    },
    write(email) {
      const mark = newSecret('');
      return `${name}=${mark}.${seal(mark, email)}; Max-Age=${knownSeconds}; Path=${below === '' ? '/' : below}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
    },
  };
}
