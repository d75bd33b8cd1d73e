import { everything } from '@watchkeeper/contracts/maintenance';
import type { Tx } from '#platform/db/database';
import type { FieldError } from '#platform/errors';
import { findTargets, type Target } from './places-store.ts';
import type { ScopeEntry } from './window.ts';

const prefixes: Readonly<Record<string, Target['kind']>> = {
  'area:': 'area',
  'device:': 'device',
  'type:': 'device_type',
  'check:': 'check',
};

/** `systems` as rows: each word is one area, device, type or check, or an error that says why not. */
export async function resolveSystems(
  tx: Tx,
  organizationId: string,
  siteId: string | null,
  systems: readonly string[],
  errors: FieldError[],
): Promise<ScopeEntry[]> {
  if (systems.includes(everything)) {
    if (systems.length > 1) errors.push({ field: 'systems', message: '"all" stands alone' });
    return [{ kind: 'all' }];
  }
  const words = systems.map(splitWord);
  const targets = await findTargets(
    tx,
    organizationId,
    siteId,
    words.flatMap(({ word, whole }) => [word, whole]),
  );
  const scopes = new Map<string, ScopeEntry>();
  for (const [index, word] of words.entries()) {
    const found = pick(word, targets);
    if (typeof found === 'string') errors.push({ field: `systems.${index}`, message: found });
    else for (const target of found) scopes.set(target.id, target);
  }
  return [...scopes.values()];
}

interface Word {
  readonly whole: string;
  readonly kind: Target['kind'] | undefined;
  readonly word: string;
}

function splitWord(whole: string): Word {
  const prefix = Object.keys(prefixes).find((one) => whole.startsWith(one));
  return { whole, kind: prefixes[prefix ?? ''], word: whole.slice(prefix?.length ?? 0) };
}

/** What a word without a prefix may be. */
function isPlainly(kind: Target['kind']): boolean {
  return kind === 'area' || kind === 'device';
}

/** A device may itself be called "area:7": what the prefix means comes first, the word as written second. */
function pick({ whole, kind, word }: Word, targets: readonly Target[]): readonly Target[] | string {
  const called = (text: string) =>
    targets.filter((target) => isPlainly(target.kind) && (target.slug === text || target.id === text));
  const typed = targets.filter(
    (target) => target.kind === kind && (target.slug === word || target.id === word),
  );
  const found = typed.length > 0 ? typed : called(whole);
  const kinds = new Set(found.map((target) => target.kind));
  if (kinds.size > 1) return `"${whole}" is an area and a device; write area:${whole} or device:${whole}`;
  if (found.length === 0)
    return `there is no area or device "${whole}" at the location; a type is written type:${word}, a check check:${word}, everything "all"`;
  return found;
}
