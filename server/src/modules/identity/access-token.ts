import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import type { Ctx } from '#platform/context';
import { newId } from '#platform/ids';
import type { Vault } from '#platform/vault';
import { ensureKey } from './accounts/store.ts';

const algorithm = 'EdDSA';
const audience = 'watchkeeper-api';
export const accessTokenSeconds = 3600;
/** Processes whose clocks differ by this much still agree on a token. */
const clockToleranceSeconds = 5;

/** Bearer JWTs: any process can check the signature; roles, and whether the password is still the same, are looked up. */
export interface AccessTokens {
  issue(userId: string, version: number): Promise<string>;
  /** Undefined when the token is forged, expired or not ours. */
  verify(token: string): Promise<{ userId: string; version: number } | undefined>;
}

export async function openAccessTokens(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config' | 'vault'>,
): Promise<AccessTokens> {
  const key = await openKey(ctx);
  const issuer = ctx.config.http.publicUrl;
  const now = () => Math.floor(ctx.clock.now() / 1000);
  return {
    async issue(userId, version) {
      return await new SignJWT({ ver: version })
        .setProtectedHeader({ alg: algorithm, kid: key.id, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(now())
        .setExpirationTime(now() + accessTokenSeconds)
        .sign(key.privateKey);
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key.publicKey, {
          algorithms: [algorithm],
          issuer,
          audience,
          clockTolerance: clockToleranceSeconds,
          currentDate: new Date(ctx.clock.now()),
          requiredClaims: ['sub', 'exp'],
        });
        const { sub, ver } = payload;
        // Releases before this one put no version in. Such a token counts as version 0 of the password.
        return sub === undefined ? undefined : { userId: sub, version: typeof ver === 'number' ? ver : 0 };
      } catch {
        // One answer for every fault of the token.
        return undefined;
      }
    },
  };
}

interface TokenKey {
  readonly id: string;
  readonly privateKey: CryptoKey | Uint8Array;
  readonly publicKey: CryptoKey | Uint8Array;
}

async function openKey(ctx: Pick<Ctx, 'db' | 'clock' | 'vault'>): Promise<TokenKey> {
  const fresh = await generateKeyPair(algorithm, { extractable: true });
  const sealed = ctx.vault.seal(JSON.stringify(await exportJWK(fresh.privateKey)));
  const row = await ctx.db.system((tx) =>
    ensureKey(tx, 'token', { id: newId(), sealed, now: new Date(ctx.clock.now()) }),
  );
  if (row === undefined) throw new Error('The key that signs access tokens is not there.');
  const privateJwk = openJwk(ctx.vault, row.sealed);
  const { d: _private, ...publicJwk } = privateJwk;
  return {
    id: row.id,
    privateKey: await importJWK(privateJwk, algorithm),
    publicKey: await importJWK(publicJwk, algorithm),
  };
}

function openJwk(vault: Vault, sealed: string): JWK {
  // Safe because only `openKey` seals this column, and the vault refuses text that it did not seal.
  return JSON.parse(vault.open(sealed)) as JWK;
}
