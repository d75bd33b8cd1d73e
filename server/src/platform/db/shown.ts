import { type RawBuilder, RawNode } from 'kysely';

/**
 * At its door, a module shows rows of its tables as `(select columns from table)`, and higher floors write `from
 * ${deviceRows} d`. Only these columns are the promise; the module may change everything else. PostgreSQL flattens such
 * a subquery before it plans. So the plan is that of the table itself, with its indexes, row-level security and
 * partition pruning. `for update` also locks the table's rows.
 */

/** Such rows as plain text, for a prepared statement. @throws when they have a parameter. */
export function textOfRows(rows: RawBuilder<unknown>): string {
  const node = rows.toOperationNode();
  const text = RawNode.is(node) && node.parameters.length === 0 ? node.sqlFragments[0] : undefined;
  if (text === undefined) throw new TypeError('These rows take a parameter.');
  return text;
}
