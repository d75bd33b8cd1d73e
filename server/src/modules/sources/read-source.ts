import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { faultWords } from '#platform/db/parts';
import { failed, ok, type Probe, type ProbeDeps, unable } from '#platform/exchange/probe';
import { openConfig, sealedElsewhere } from '#platform/kinds/secrets';
import { definePart } from '#platform/parts';
import { RateLimited } from './call.ts';
import type { SourceKind } from './kind.ts';
import type { Reading } from './reading.ts';
import { sourceKinds } from './registry.ts';
import { sinkOf, type Unstored } from './sink.ts';
import { beginReading, keepNotBefore, type ReadableSource } from './store.ts';
import { TokenCache } from './tokens.ts';

/** Warnings kept with the result of a reading. */
const warningsMax = 20;

/** Tokens of one server process, kept between readings. */
const tokensPart = definePart<TokenCache>('sources.tokens');

type ReadCtx = Pick<Ctx, 'db' | 'vault' | 'log' | 'parts'>;

/** A source that can be read, or the reason why it cannot. */
export interface Readable {
  read(deps: ProbeDeps): Promise<Probe>;
}

export function openReadable(row: ReadableSource, ctx: ReadCtx): Readable {
  const kind = sourceKinds.find(row.kind);
  if (kind === undefined)
    return { read: async () => unable(`This server knows no sources of the kind "${row.kind}".`) };
  try {
    const config = openConfig(row, ctx.vault);
    return { read: (deps) => readSource(ctx, { row, kind, config }, deps) };
  } catch (error) {
    ctx.log.warn({ err: error, source: row.id }, 'the secrets of a source cannot be opened');
    return {
      read: async () => unable(sealedElsewhere),
    };
  }
}

interface Opened {
  readonly row: ReadableSource;
  readonly kind: SourceKind;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Reads the source and stores the result. A fault of the third party becomes the result, and the older data stays. */
async function readSource(ctx: ReadCtx, { row, kind, config }: Opened, deps: ProbeDeps): Promise<Probe> {
  const { not_before: notBefore } = row;
  if (notBefore !== null && notBefore.getTime() > deps.now())
    return failed(`It asked for fewer calls: the next call is not before ${notBefore.toISOString()}.`);
  const cache = ctx.parts.ensure(tokensPart, () => new TokenCache());
  const tokens = cache.of(`${row.id}:${row.version}`, deps.now);
  const at = new Date(deps.now());
  try {
    const reading = await kind.read(config, { ...deps, tokens, bookmark: row.bookmark });
    deps.signal.throwIfAborted();
    const faults = await ctx.db.tenant(row.organization_id, (tx) =>
      keepReading(ctx, tx, { row, kind }, reading, at),
    );
    for (const { name, error } of faults)
      deps.log(`"${name}" cannot be stored and stays as it was: ${faultWords(error)}`);
    const count = reading.objects.length;
    const partly = reading.complete
      ? ''
      : ' Its list changed during the reading, so no object counts as removed.';
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

/** Stores the whole reading in one transaction: objects, missing objects, and the bookmark for the next reading. */
async function keepReading(
  ctx: ReadCtx,
  tx: Tx,
  { row, kind }: Pick<Opened, 'row' | 'kind'>,
  reading: Reading,
  at: Date,
): Promise<readonly Unstored[]> {
  if (!(await beginReading(tx, row.id, reading, at))) return [];
  return await sinkOf(ctx, kind.reads).keep(tx, row, reading, at);
}

/** How many names of objects that cannot be stored are shown. All are counted. */
const namesMax = 3;

function unstorableWords(faults: readonly Unstored[]): string {
  if (faults.length === 0) return '';
  const names = faults.slice(0, namesMax).map(({ name }) => `"${name}"`);
  const more = faults.length > namesMax ? ` and ${faults.length - namesMax} more` : '';
  return ` Its data on ${names.join(', ')}${more} cannot be stored; they stay as they were.`;
}
