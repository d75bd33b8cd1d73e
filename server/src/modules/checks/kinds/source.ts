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
  help: 'Reads a third party in bulk and keeps what it says of each device. It comes with its source; when it fails, that is one alert of the source and none of its devices.',
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
    given === undefined ? unable('The source is gone.') : await given.read(deps),
});
