import { cutText } from '@watchkeeper/contracts/text';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Ping, type PingSource, userAgentLengthMax } from '#modules/checks';
import { AppError } from '#platform/errors';
import { hashSecret } from '#platform/ids';
import { bodyOf } from './body.ts';

/** The last of several values, as the original servers do. */
export function queryOf(request: FastifyRequest, name: string): string | undefined {
  const { query } = request;
  if (typeof query !== 'object' || query === null) return undefined;
  // Safe because the query parser returns an object of strings and lists of strings.
  const value = (query as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value.at(-1) : value;
}

/** The parts of a ping that every request has. */
export function pingOf(
  request: FastifyRequest,
  source: PingSource,
  said: Pick<Ping, 'kind'> & Partial<Pick<Ping, 'exitStatus' | 'rid' | 'durationMs'>> & { text?: string },
): Omit<Ping, 'checkId' | 'at'> {
  const sent = said.text === undefined ? bodyOf(request.body) : textBody(said.text);
  return {
    kind: said.kind,
    source,
    exitStatus: said.exitStatus ?? null,
    rid: said.rid ?? null,
    method: request.method,
    remoteAddress: request.peer,
    userAgent: cleanAgent(request.headers['user-agent']),
    body: sent === undefined ? null : sent.start.toString('base64'),
    bodyBytes: sent?.bytes ?? 0,
    durationMs: said.durationMs ?? null,
  };
}

function textBody(text: string): { start: Buffer; bytes: number } | undefined {
  if (text === '') return undefined;
  const start = Buffer.from(text);
  return { start, bytes: start.length };
}

/** A header cannot contain a NUL, but cutting may split a character: cutText removes half characters. */
function cleanAgent(agent: string | undefined): string {
  if (agent === undefined) return '';
  return cutText(agent, userAgentLengthMax, '');
}

/**
 * Addresses and keys of check-ins are credentials, so wrong ones count against the network that they come from.
 * @throws rate_limited
 */
export async function lookUp<T>(
  request: FastifyRequest,
  key: string,
  find: () => Promise<T | null>,
): Promise<T | null> {
  const { wrongCredentials } = request.server;
  const mark = () => hashSecret(key).toString('base64url');
  wrongCredentials.admit(request.peer, mark);
  const found = await find();
  if (found === null) wrongCredentials.wrong(request.peer);
  else wrongCredentials.good(mark());
  return found;
}

/** Refuses in the words of the original server. Other errors go to the error handler. */
export function refuse(
  reply: FastifyReply,
  error: unknown,
  say: (reply: FastifyReply, status: number, words: string) => void,
): void {
  if (!(error instanceof AppError) || error.code !== 'rate_limited') {
    reply.send(error);
    return;
  }
  reply.header('retry-after', String(Math.ceil(error.retryAfterSeconds ?? 1)));
  say(reply, 429, 'rate limit exceeded');
}
