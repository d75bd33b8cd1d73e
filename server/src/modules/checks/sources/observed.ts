import { roughDuration } from '@watchkeeper/contracts/figures';
import Type, { type TObject } from 'typebox';
import { hasSource, isFresh, type SourceKind } from '#modules/sources';
import { failed, ok, type Probe, unable } from '#platform/exchange/probe';
import { type CheckKind, defineCheckKind } from '../kind.ts';
import { loadObserved, type Observed } from './observation-store.ts';

const schema = Type.Object(
  {
    source: Type.String({
      title: 'Source',
      description: 'Slug of the source that knows the device.',
      minLength: 1,
      maxLength: 63,
    }),
    ref: Type.String({
      title: 'Id in the source',
      description: 'The reference that the source lists for the object.',
      minLength: 1,
      maxLength: 200,
    }),
  },
  { additionalProperties: false },
);

interface Given {
  readonly observed: Observed;
  readonly offlineMs: number;
}

/** A check of one device that makes no request: it judges what the last reading of a source said. */
export function defineObservedKind({
  kind,
  item,
}: Pick<SourceKind<TObject, 'devices'>, 'kind' | 'item'>): CheckKind {
  return defineCheckKind<typeof schema, Given>({
    kind,
    label: item.label,
    help: item.help,
    witness: item.witness,
    fixture: item.example,
    schema,
    secrets: [],
    target: () => null,
    async refers(tx, { organizationId, config }) {
      if (await hasSource(tx, organizationId, kind, config.source)) return [];
      return [{ field: 'source', message: `there is no source "${config.source}" of the kind ${kind}` }];
    },
    async prepare(batch, deps) {
      const wanted = batch.map(({ checkId, organizationId, deviceId, config }) => ({
        checkId,
        organizationId,
        deviceId,
        ...config,
      }));
      const offlineMs = deps.config.heartbeat.offlineSeconds * 1_000;
      const rows = await loadObserved(deps.db, kind, wanted);
      return new Map(rows.map((observed) => [observed.check_id, { observed, offlineMs }]));
    },
    run: async (config, deps, given) =>
      given === undefined
        ? unable(`There is no source "${config.source}" any more.`)
        : judgeObserved(given.observed, config.ref, deps.now(), given.offlineMs),
  });
}

/** An old observation says nothing. A device's own heartbeat counts more than what a source says about it. */
export function judgeObserved(observed: Observed, ref: string, now: number, offlineMs: number): Probe {
  const { source_name: who, state, observed_at: at, since } = observed;
  const silent = silentSource(observed, now);
  if (silent !== null) return unable(silent);
  if (state === null || at === null) return unable(`${who} does not list "${ref}".`);
  if (!isFresh(at, now))
    return unable(
      `${who} last reported on it ${roughDuration((now - at.getTime()) / 1_000)} ago; that is too old to count.`,
    );
  if (state === 'missing')
    return unable(`${who} does not list it any more: it was removed there. That does not mean offline.`);
  if (state === 'unknown') return unable(`${who} cannot tell. ${observed.reason ?? ''}`.trim());
  const details = { state, since: since?.toISOString() ?? null, observed_at: at.toISOString(), ref };
  const long = since === null ? '' : ` for ${roughDuration((now - since.getTime()) / 1_000)}`;
  if (state === 'online') return ok(`${who} says online${long}.`, details);
  const seen = observed.last_seen_at;
  if (seen !== null && now - seen.getTime() <= offlineMs)
    return unable(
      `${who} says offline${long}, but its own agent reported ${roughDuration((now - seen.getTime()) / 1_000)} ago and counts.`,
    );
  return failed(`${who} says offline${long}.`, details);
}

/** Why no observation of this source counts now; null when the source is read successfully. */
function silentSource({ source_name: who, ...source }: Observed, now: number): string | null {
  const fault = source.source_fault === null ? '' : ` ${source.source_fault}`;
  const off = source.source_on ? '' : ' It is switched off.';
  if (source.read_at === null) return `${who} has not been read yet.${off}${fault}`;
  if (isFresh(source.read_at, now)) return null;
  const age = now - source.read_at.getTime();
  return `${who} was last read ${roughDuration(age / 1_000)} ago; that is too old to count.${off}${fault}`;
}
