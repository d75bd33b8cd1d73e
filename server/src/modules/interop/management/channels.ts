import { listLimitMax } from '@watchkeeper/contracts';
import type { ListedChannel } from '@watchkeeper/contracts/notifications';
import type { Scope } from '#modules/identity';
import { listChannels } from '#modules/notifications';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';

/** An organization with more channels than this has them listed in part. */
const pagesMax = 4;

export async function readChannels(ctx: Pick<Ctx, 'db' | 'vault'>, scope: Scope): Promise<ListedChannel[]> {
  const channels: ListedChannel[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const query: { limit: number; cursor?: string } = {
      limit: listLimitMax,
      ...(cursor === null ? {} : { cursor }),
    };
    const listed = await listChannels(ctx, scope, query);
    channels.push(...listed.data);
    cursor = listed.next_cursor;
    if (cursor === null) break;
  }
  return channels;
}

/** An alert goes to every channel that is on and not kept for escalations. */
export function toldOf(channels: readonly ListedChannel[]): string {
  return told(channels)
    .map(({ id }) => id)
    .toSorted()
    .join(',');
}

function told(channels: readonly ListedChannel[]): ListedChannel[] {
  return channels.filter((channel) => channel.enabled && !channel.escalation_only);
}

/**
 * A check chooses no channels here: its alert goes to all of them. So "all" and nothing said are taken, in any
 * spelling, and a choice is refused. @throws validation_failed
 */
export function checkChannels(wanted: string, channels: readonly ListedChannel[]): void {
  if (wanted === '' || wanted === '*') return;
  const chosen = new Set<string>();
  for (const word of wanted.split(',')) {
    if (word === '') throw refused('empty channel identifier');
    const matches = channels.filter(({ id, name }) => id === word || name === word);
    const [match, another] = matches;
    if (match === undefined) throw refused(`invalid channel identifier: ${word.slice(0, 200)}`);
    if (another !== undefined) throw refused(`non-unique channel identifier: ${word.slice(0, 200)}`);
    chosen.add(match.id);
  }
  const all = told(channels);
  if (all.length === chosen.size && all.every(({ id }) => chosen.has(id))) return;
  throw refused(
    'channels: a check cannot choose some of the channels here, its alert goes to all of them. Send "*" or leave it out; the least severity of a channel decides what it hears.',
  );
}

function refused(words: string): AppError {
  return new AppError('validation_failed', words);
}
