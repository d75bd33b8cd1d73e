import type { Ctx } from '#platform/context';
import type { LiveChange } from '#platform/live';
import { createShelf, type Shelf } from '#platform/shelf';
import {
  type KeyOwner,
  selectByPingIds,
  selectByPushTokens,
  selectBySlugs,
  selectKeyOwners,
  type TargetRow,
} from './directory-store.ts';

/** The live topic for changed addresses of checks. Its ids are ids of checks. */
export const pingTopic = 'ping_address';

/** A check that an address leads to. */
export interface PingTarget {
  /** The check's id. */
  readonly id: string;
  readonly organizationId: string;
  readonly slug: string;
  readonly enabled: boolean;
  readonly pingId: string;
  readonly pushToken: string;
}

export interface PingDirectory extends Disposable {
  readonly byId: Shelf<string, PingTarget>;
  readonly byToken: Shelf<string, PingTarget>;
  readonly bySlug: Shelf<{ readonly key: string; readonly slug: string }, PingTarget>;
  readonly byKey: Shelf<string, KeyOwner>;
  /** Addresses were changed in this process. Forget them now instead of waiting for our own NOTIFY. */
  forget(checkIds: readonly string[]): void;
  clear(): void;
}

/** Across tenants: the address itself identifies the organization. */
export function createPingDirectory(ctx: Pick<Ctx, 'db' | 'clock' | 'live'>): PingDirectory {
  const monotonic = () => ctx.clock.monotonic();
  const byId = createShelf<string, PingTarget>(async (ids) => {
    const rows = await ctx.db.system((tx) => selectByPingIds(tx, ids));
    return inOrder(ids, rows.map(toTarget), (target) => target.pingId);
  }, monotonic);
  const byToken = createShelf<string, PingTarget>(async (tokens) => {
    const rows = await ctx.db.system((tx) => selectByPushTokens(tx, tokens));
    return inOrder(tokens, rows.map(toTarget), (target) => target.pushToken);
  }, monotonic);
  const bySlug = createShelf<{ key: string; slug: string }, PingTarget>(async (questions) => {
    const rows = await ctx.db.system((tx) => selectBySlugs(tx, questions));
    const found = new Map(rows.map((row) => [slugKey(row.key ?? '', row.slug), toTarget(row)]));
    return questions.map(({ key, slug }) => found.get(slugKey(key, slug)));
  }, monotonic);
  const byKey = createShelf<string, KeyOwner>(async (keys) => {
    const rows = await ctx.db.system((tx) => selectKeyOwners(tx, keys));
    return inOrder(keys, rows, (owner) => owner.key);
  }, monotonic);
  const shelves = [byId, byToken, bySlug, byKey];
  const forget = (ids: readonly string[]) => {
    for (const shelf of shelves) shelf.forget(ids);
  };
  const clear = () => {
    for (const shelf of shelves) shelf.clear();
  };
  const unsubscribe = ctx.live.subscribe(null, ({ topic, ids }: LiveChange) => {
    if (topic === 'resync' || (topic === pingTopic && ids.length === 0)) clear();
    else if (topic === pingTopic) forget(ids);
  });
  return {
    byId,
    byToken,
    bySlug,
    byKey,
    forget,
    clear,
    [Symbol.dispose]: unsubscribe,
  };
}

/** The two parts cannot contain a line break: both came in a URL or a header. */
export function slugKey(key: string, slug: string): string {
  return `${key}\n${slug}`;
}

function inOrder<Entry>(
  keys: readonly string[],
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
): (Entry | undefined)[] {
  const byKey = new Map(entries.map((entry) => [keyOf(entry), entry]));
  return keys.map((key) => byKey.get(key));
}

function toTarget(row: TargetRow): PingTarget {
  return {
    id: row.check_id,
    organizationId: row.organization_id,
    slug: row.slug,
    enabled: row.enabled,
    pingId: row.ping_id,
    pushToken: row.push_token,
  };
}
