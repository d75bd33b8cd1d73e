import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import { faultWords, inParts } from './parts.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const inserted = async (values: readonly unknown[]) =>
  await database.db.system(async (tx) => {
    await sql`create temporary table kept (value int primary key, at timestamptz) on commit drop`.execute(tx);
    let statements = 0;
    const written = await inParts(tx, values, async (part) => {
      statements += 1;
      await sql`insert into kept (value) select v::int from unnest(${part.map(String)}::text[]) v`.execute(
        tx,
      );
      return part.length;
    });
    const { rows } = await sql<{ value: number }>`select value from kept order by value`.execute(tx);
    return { ...written, statements, kept: rows.map((row) => row.value) };
  });

test.each([
  ['a word among numbers', [1, 2, 'x', 4, 5], ['x'], [1, 2, 4, 5], '22P02'],
  ['a number out of range', [1, 2, 3, 1e10], [1e10], [1, 2, 3], '22003'],
  ['a row that is there already', [1, 2, 3, 2], [2], [1, 2, 3], '23505'],
  ['NUL in a text', ['1', '2\0', '3'], ['2\0'], [1, 3], '22021'],
  ['nothing but bad rows', ['a', 'b', 'c'], ['a', 'b', 'c'], [], '22P02'],
])(
  '%s: it is named, and the others of the batch are written once',
  async (_what, values, bad, kept, state) => {
    const { faults, ...done } = await inserted(values);
    expect(faults.map((fault) => fault.item)).toEqual(bad);
    expect(faults.map((fault) => faultWords(fault.error))).toEqual(
      bad.map(() => expect.stringContaining(`(${state})`)),
    );
    expect(done.kept).toEqual(kept);
  },
);

test('a batch without a fault is one statement, and one bad row in a thousand costs only a few more', async () => {
  const many = Array.from({ length: 1_000 }, (_, value) => value);
  expect(await inserted(many)).toMatchObject({ statements: 1, results: [1_000], faults: [] });
  const { statements, kept } = await inserted([...many, 'x']);
  expect(kept).toEqual(many);
  expect(statements).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(1_001)) + 1);
});

test('an error that is not caused by the data undoes the whole batch and is thrown', async () => {
  const failing = database.db.system((tx) =>
    inParts(tx, [1, 2], () => sql`select * from there_is_no_such_table`.execute(tx)),
  );
  await expect(failing).rejects.toMatchObject({ code: '42P01' });
});
