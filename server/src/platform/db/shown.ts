import { type RawBuilder, RawNode } from 'kysely';

/**
 * A module shows rows of its tables at its door as `(select columns from table)`, and higher floors write
 * `from ${deviceRows} d`. These columns are the promise; the module may change everything else. PostgreSQL
 * dissolves such a subquery before it plans, so the plan is the one for the table itself: its indexes, its
 * row-level security, the partitions it leaves out. `for update` reaches through to the table.
 */

/** Such rows for a prepared statement, which is plain text. @throws when they take a parameter. */
export function textOfRows(rows: RawBuilder<unknown>): string {
  const node = rows.toOperationNode();
  const text = RawNode.is(node) && node.parameters.length === 0 ? node.sqlFragments[0] : undefined;
  if (text === undefined) throw new TypeError('These rows take a parameter.');
  return text;
}
