import { listLimitMax } from '@watchkeeper/contracts';
import type { ListedChannel } from '@watchkeeper/contracts/notifications';
import { listRules } from '#modules/alerting';
import { listChannels } from '#modules/delivery';
import type { Scope } from '#modules/identity';
import { channelsNamed } from '#modules/notifications';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';

/** With more channels than this, an organization's list is not complete. */
const pagesMax = 4;

export async function readChannels(
  ctx: Pick<Ctx, 'config' | 'db' | 'vault'>,
  scope: Scope,
): Promise<ListedChannel[]> {
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

/**
 * The channels that are told about the alert of a check: those of the rules for failing checks. A rule without channels
 * tells all.
 */
export async function readTold(
  ctx: Pick<Ctx, 'db' | 'vault' | 'clock' | 'parts'>,
  scope: Scope,
  channels: readonly ListedChannel[],
): Promise<readonly ListedChannel[]> {
  const open = channels.filter((channel) => channel.enabled && !channel.escalation_only);
  const { rows } = await listRules(ctx, scope, { kind: 'check_failure', enabled: true, limit: listLimitMax });
  return open.filter((channel) =>
    rows.some(
      ({ channels: words }) => words.length === 0 || channelsNamed(words, open).channels.includes(channel),
    ),
  );
}

/** The ids, in the format of a check's answer. */
export function wordOf(channels: readonly ListedChannel[]): string {
  return channels
    .map(({ id }) => id)
    .toSorted()
    .join(',');
}

/**
 * Here, a check cannot choose its channels: the rule for failing checks does. So only "all", nothing, or exactly those
 * channels are accepted. @throws validation_failed
 */
export function checkChannels(
  wanted: string,
  channels: readonly ListedChannel[],
  told: readonly ListedChannel[],
): void {
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
  if (told.length === chosen.size && told.every(({ id }) => chosen.has(id))) return;
  throw refused(
    'channels: a check cannot choose its channels here; the rule "Check failure" of the organization chooses them. Send "*" or leave it out, and name channels in that rule.',
  );
}

function refused(words: string): AppError {
  return new AppError('validation_failed', words);
}
