import { type RawBuilder, RawNode } from 'kysely';

/**
 * A module shows rows of its tables at its door as `(select columns from table)`, and higher floors write
 * `from ${deviceRows} d`. The columns that stand there are the promise; all else the module may change.
 * PostgreSQL dissolves such a subquery before it plans, so the plan is the one for the table itself: its indexes, its
 * row-level security, the partitions it leaves out. `for update` reaches through to the table.
 */

/** Such rows for a prepared statement of our own making, which is plain text. @throws where they take a parameter. */
export function textOfRows(rows: RawBuilder<unknown>): string {
  const node = rows.toOperationNode();
  const text = RawNode.is(node) && node.parameters.length === 0 ? node.sqlFragments[0] : undefined;
  if (text === undefined) throw new TypeError('These rows take a parameter.');
  return text;
}
