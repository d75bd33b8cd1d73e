import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Ctx } from '../context.ts';
import { AppError } from '../errors.ts';
import { idempotencyHours } from '../idempotency-keys.ts';
import type { App } from './app.ts';

/** A request without an answer after this time died with its process. Its key is free again. */
const abandonedSeconds = 60;
const keyLengthMax = 255;

interface Stored {
  fingerprint: Buffer;
  status: number | null;
  body: string | null;
  created_at: Date;
}

declare module 'fastify' {
  interface FastifyRequest {
    idempotencyKey: string | null;
  }
}

/**
 * `Idempotency-Key` on POSTs that create: the first answer is kept encrypted and replayed to the same
 * caller, as long as that caller still has all the rights that it had then. Access itself was checked before.
 */
export function registerIdempotency(app: App, ctx: Ctx): void {
  app.decorateRequest('idempotencyKey', null);

  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.config.idempotent !== true) return;
    const key = keyOf(request);
    if (key === undefined) return;
    const stored = await claim(ctx, request, key);
    if (stored === undefined) {
      request.idempotencyKey = key;
      return;
    }
    await replay(ctx, request, reply, stored);
    return reply;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    if (request.idempotencyKey === null) return payload;
    const key = request.idempotencyKey;
    request.idempotencyKey = null;
    const keep = reply.statusCode < 500 && typeof payload === 'string';
    await ctx.db.system(async (tx) => {
      if (keep) {
        const kept: Kept = {
          type: reply.getHeader('content-type') ?? null,
          body: payload,
          rights: [...(request.rights ?? [])],
        };
        const body = ctx.vault.seal(JSON.stringify(kept));
        await sql`update idempotency_keys set status = ${reply.statusCode}, body = ${body}
          where caller = ${request.callerKey} and key = ${key}`.execute(tx);
      } else {
        await sql`delete from idempotency_keys where caller = ${request.callerKey} and key = ${key}`.execute(
          tx,
        );
      }
    });
    return payload;
  });
}

function keyOf(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = String(header).replace(/^"(.*)"$/, '$1');
  if (key === '' || key.length > keyLengthMax) {
    throw new AppError('bad_request', `Idempotency-Key must be 1 to ${keyLengthMax} characters.`);
  }
  return key;
}

/** Takes the key (undefined) or finds the answer of the request that had it. */
async function claim(ctx: Ctx, request: FastifyRequest, key: string): Promise<Stored | undefined> {
  // Keyed, because the body of a POST may hold a password.
  const fingerprint = ctx.vault.digest(
    `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`,
  );
  const now = new Date(ctx.clock.now());
  const stored = await ctx.db.system(async (tx) => {
    const taken = await sql`
      insert into idempotency_keys as k (caller, key, fingerprint, created_at)
      values (${request.callerKey}, ${key}, ${fingerprint}, ${now})
      on conflict (caller, key) do update set fingerprint = excluded.fingerprint, created_at = excluded.created_at, status = null, body = null
        where k.created_at < ${now}::timestamptz - make_interval(hours => ${idempotencyHours})
           or (k.status is null and k.created_at < ${now}::timestamptz - make_interval(secs => ${abandonedSeconds}))
      returning key`.execute(tx);
    if (taken.rows.length === 1) return undefined;
    const { rows } = await sql<Stored>`
      select fingerprint, status, body, created_at from idempotency_keys
      where caller = ${request.callerKey} and key = ${key}`.execute(tx);
    return rows[0];
  });
  if (stored === undefined) return undefined;
  if (!stored.fingerprint.equals(fingerprint)) {
    throw new AppError(
      'idempotency_mismatch',
      'This Idempotency-Key was used for a different request. Use a new key.',
    );
  }
  if (stored.status === null) {
    throw new AppError(
      'idempotency_in_progress',
      'The first request with this Idempotency-Key is still running.',
      { retryAfterSeconds: 1 },
    );
  }
  return stored;
}

interface Kept {
  type: unknown;
  body: string;
  /** Not known for answers that an earlier release stored. */
  rights?: string[];
}

/**
 * @throws forbidden when the caller lost a right that it had at the first request, because the answer may
 * depend on it.
 */
async function replay(ctx: Ctx, request: FastifyRequest, reply: FastifyReply, stored: Stored): Promise<void> {
  // Safe because only `registerIdempotency` seals this column.
  const { type, body, rights } = JSON.parse(ctx.vault.open(stored.body ?? '')) as Kept;
  if (rights === undefined || rights.some((right) => request.rights?.has(right) !== true)) {
    throw new AppError(
      'forbidden',
      'Your rights were reduced since the first request with this Idempotency-Key, so the first answer is not sent again.',
    );
  }
  if (typeof type === 'string') reply.type(type);
  await reply
    .code(stored.status ?? 200)
    .header('idempotent-replayed', 'true')
    .send(body);
}
