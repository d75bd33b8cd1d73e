import Type from 'typebox';
import { loadReadable, openReadable, type Readable } from '#modules/sources';
import { unable } from '#platform/exchange/probe';
import { defineCheckKind } from '../kind.ts';

const schema = Type.Object(
  { source: Type.String({ title: 'Source', minLength: 1, maxLength: 63 }) },
  { additionalProperties: false },
);

export const source = defineCheckKind<typeof schema, Readable>({
  kind: 'source',
  label: 'Reading of a source',
  help: 'Reads a third party in bulk and keeps its report on each device. It belongs to its source. A failure is one alert of the source, not one of each device.',
  schema,
  secrets: [],
  fixture: { source: 'rmm' },
  madeWith: 'source',
  target: () => null,
  async prepare(batch, deps) {
    const rows = await loadReadable(
      deps.db,
      batch.map((subject) => subject.checkId),
    );
    return new Map(rows.map((row) => [row.check_id, openReadable(row, deps)]));
  },
  run: async (_config, deps, given) =>
    given === undefined ? unable('The source was deleted.') : await given.read(deps),
});
