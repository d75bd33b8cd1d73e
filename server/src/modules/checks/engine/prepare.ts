import type { Ctx } from '#platform/context';
import type { KindConfig } from '#platform/kinds/registry';
import type { CheckKind, CheckSubject, PrepareDeps } from '../kind.ts';

/** The data that a run was given from the database, or why it could not be read. */
export type Prepared = { readonly given: unknown } | { readonly fault: string };

export interface Preparable extends CheckSubject<KindConfig> {
  readonly kind: CheckKind;
}

/** Reads once per kind for all checks of a batch. Kinds without `prepare` cost nothing. */
export async function prepareBatch(
  ctx: PrepareDeps & Pick<Ctx, 'log'>,
  batch: readonly Preparable[],
): Promise<Map<string, Prepared>> {
  const prepared = new Map<string, Prepared>();
  const asking = batch.filter(({ kind }) => kind.prepare !== undefined);
  for (const [kind, subjects] of Map.groupBy(asking, (subject) => subject.kind)) {
    try {
      const found = await kind.prepare?.(subjects, ctx);
      for (const { checkId } of subjects) prepared.set(checkId, { given: found?.get(checkId) });
    } catch (error) {
      ctx.log.warn({ err: error, kind: kind.kind }, 'the stored data that checks need could not be read');
      for (const { checkId } of subjects) prepared.set(checkId, { fault: unreadable });
    }
  }
  return prepared;
}

const unreadable = 'The stored data could not be read: the database did not answer.';
