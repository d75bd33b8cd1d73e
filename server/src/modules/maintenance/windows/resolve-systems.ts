import { everything } from '@watchkeeper/contracts/maintenance';
import type { Tx } from '#platform/db/database';
import type { FieldError } from '#platform/errors';
import type { CheckRows } from './coverable-checks.ts';
import { findTargets, folded, type Target } from './places-store.ts';
import type { ScopeEntry } from './window.ts';

const prefixes: Readonly<Record<string, Target['kind']>> = {
  'area:': 'area',
  'device:': 'device',
  'type:': 'device_type',
  'check:': 'check',
};

/** `systems` as rows: each word is one area, device, type or check, or becomes an error that says why not. */
export async function resolveSystems(
  tx: Tx,
  checks: CheckRows,
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
    checks,
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

/** The kinds that a word without a prefix may mean. */
function isPlainly(kind: Target['kind']): boolean {
  return kind === 'area' || kind === 'device';
}

/**
 * A device may itself have the slug "area:7". First comes the meaning of the prefix, then the word as written, then
 * similar names.
 */
function pick({ whole, kind, word }: Word, targets: readonly Target[]): readonly Target[] | string {
  const exactly = (text: string) => (target: Target) => target.slug === text || target.id === text;
  const nearly = (text: string) => (target: Target) => folded(target.slug) === folded(text);
  const typed = targets.filter((target) => target.kind === kind);
  const plain = targets.filter((target) => isPlainly(target.kind));
  const tries = [
    typed.filter(exactly(word)),
    plain.filter(exactly(whole)),
    typed.filter(nearly(word)),
    plain.filter(nearly(whole)),
  ];
  const found = tries.find((each) => each.length > 0) ?? [];
  if (new Set(found.map((target) => target.kind)).size > 1)
    return `"${whole}" is both an area and a device; write ${found.map((target) => `${target.kind}:${target.slug}`).join(' or ')}`;
  const slugs = new Set(found.map((target) => target.slug));
  if (slugs.size > 1) return `"${whole}" can mean ${[...slugs].join(' or ')}; write one of these exactly`;
  if (found.length === 0)
    return `there is no area or device "${whole}" at the location; write type:${word} for a type, check:${word} for a check, "all" for everything`;
  return found;
}
