import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';

export function etagOf(version: number): string {
  return `"${version}"`;
}

/** Two operators at once: the second one's stale `If-Match` is refused. Without the header, last write wins. */
export function requireMatch(request: Pick<FastifyRequest, 'headers'>, version: number): void {
  const wanted = request.headers['if-match'];
  if (wanted === undefined || wanted === '*') return;
  const tags = wanted.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!tags.includes(etagOf(version))) {
    throw new AppError(
      'precondition_failed',
      'Somebody changed this since you read it. Read it again and repeat your change.',
    );
  }
}
