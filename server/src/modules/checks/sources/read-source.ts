import { type Fault, faultWords } from '#platform/db/parts';
import { failed, ok, type Probe, type ProbeDeps, unable } from '#platform/exchange/probe';
import { openConfig } from '#platform/kinds/secrets';
import { definePart } from '#platform/parts';
import type { PrepareDeps } from '../kind.ts';
import { RateLimited } from './call.ts';
import type { SourceKind, SourceObject } from './kind.ts';
import { keepNotBefore, type ReadableSource, saveReading } from './reading-store.ts';
import { sourceKinds } from './registry.ts';
import { TokenCache } from './tokens.ts';

/** Kept with the result of a reading. */
const warningsMax = 20;

/** Of one house, between readings. */
const tokensPart = definePart<TokenCache>('checks.tokens');

/** A source ready to be read, or why it cannot be. */
export interface Readable {
  read(deps: ProbeDeps): Promise<Probe>;
}

export function openReadable(row: ReadableSource, ctx: PrepareDeps): Readable {
  const kind = sourceKinds.find(row.kind);
  if (kind === undefined)
    return { read: async () => unable(`This server knows no sources of the kind "${row.kind}".`) };
  try {
    const config = openConfig(row, ctx.vault);
    return { read: (deps) => readSource(ctx, { row, kind, config }, deps) };
  } catch (error) {
    ctx.log.warn({ err: error, source: row.id }, 'the secrets of a source cannot be opened');
    return {
      read: async () => unable('Its secrets were sealed under another key: enter them again.'),
    };
  }
}

interface Opened {
  readonly row: ReadableSource;
  readonly kind: SourceKind;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Reads all of it and keeps what it said. What goes wrong over there is the result, and the old words stay. */
async function readSource(ctx: PrepareDeps, { row, kind, config }: Opened, deps: ProbeDeps): Promise<Probe> {
  const { not_before: notBefore } = row;
  if (notBefore !== null && notBefore.getTime() > deps.now())
    return failed(`It asked for fewer calls: nothing is asked of it before ${notBefore.toISOString()}.`);
  const cache = ctx.parts.ensure(tokensPart, () => new TokenCache());
  const tokens = cache.of(`${row.id}:${row.version}`, deps.now);
  const at = new Date(deps.now());
  try {
    const reading = await kind.read(config, { ...deps, tokens, bookmark: row.bookmark });
    deps.signal.throwIfAborted();
    const faults = await ctx.db.tenant(row.organization_id, (tx) => saveReading(tx, row, reading, at));
    for (const { item, error } of faults)
      deps.log(`"${item.name}" cannot be stored and stays as it was: ${faultWords(error)}`);
    const count = reading.objects.length;
    const partly = reading.complete ? '' : ' Its list changed meanwhile, so nothing counts as gone.';
    const warnings = reading.warnings.slice(0, warningsMax);
    for (const warning of warnings) deps.log(warning);
    const odd = warnings.length === 0 ? '' : ` ${warnings[0]}`;
    return ok(
      `${count} ${count === 1 ? 'object' : 'objects'} read.${partly}${odd}${unstorableWords(faults)}`,
      {
        objects: count,
        complete: reading.complete,
        ...(warnings.length === 0 ? {} : { warnings }),
        ...(faults.length === 0 ? {} : { unstorable: faults.length }),
      },
    );
  } catch (error) {
    if (!(error instanceof RateLimited)) throw error;
    await ctx.db.tenant(row.organization_id, (tx) => keepNotBefore(tx, row.id, error.notBefore));
    return failed(error.message);
  }
}

/** Names shown of what cannot be stored; all are counted. */
const namesMax = 3;

function unstorableWords(faults: readonly Fault<SourceObject>[]): string {
  if (faults.length === 0) return '';
  const names = faults.slice(0, namesMax).map(({ item }) => `"${item.name}"`);
  const more = faults.length > namesMax ? ` and ${faults.length - namesMax} more` : '';
  return ` What it says of ${names.join(', ')}${more} cannot be stored; they stay as they were.`;
}
