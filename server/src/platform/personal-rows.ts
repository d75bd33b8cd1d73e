import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './db/database.ts';
import { jsonPattern, tellingNames, textPattern } from './personal-patterns.ts';
import { exportRowsMax, type Person, type PersonalData } from './privacy.ts';

/** Which columns of a table tell of people, by what they hold. */
export interface PersonalRows {
  readonly table: string;
  /** What the rows are, and of whom. */
  readonly what: string;
  /** Ids of accounts. Such an id stays where the row stays: without the account it tells nothing. */
  readonly ids?: readonly string[];
  /** Texts, lists or JSON with such an id somewhere inside. */
  readonly idsWithin?: readonly string[];
  /** Ids of other people in this row. They stay: without the account they tell nothing. */
  readonly opaque?: readonly string[];
  readonly addresses?: readonly string[];
  /** Columns with the name of a person, and the column with the id of the same person; null: there is none. */
  readonly names?: Readonly<Record<string, string | null>>;
  /** Text that people or programs wrote, in which an address or a name may stand. */
  readonly texts?: readonly string[];
  readonly json?: readonly string[];
  /** Columns that are emptied where the id beside them is the person's: no use without it. */
  readonly emptied?: Readonly<Record<string, string>>;
  /** Handed out beside them, for the sense of the row. */
  readonly beside?: readonly string[];
  /** `row`: it is the person's own and goes. `trace`: the record stays, under an alias. */
  readonly erases: 'row' | 'trace';
}

/** The hooks of a table that keeps something of people. */
export function personalRows(rows: PersonalRows): PersonalData {
  const { table, what, ids = [], addresses = [], names = {}, texts = [], json = [], emptied = {} } = rows;
  const { idsWithin = [], opaque = [] } = rows;
  const held = [
    ...ids,
    ...idsWithin,
    ...opaque,
    ...addresses,
    ...Object.keys(names),
    ...texts,
    ...json,
    ...Object.keys(emptied),
  ];
  const columns = [...new Set(held)];
  const shown = [...new Set([...(rows.beside ?? []), ...columns])];
  return {
    fields: columns.map((column) => ({ column: `${table}.${column}`, what })),
    async export(tx, person) {
      const { rows: found } = await sql<object>`
        select ${sql.join(shown.map((column) => sql.ref(column)))} from ${sql.table(table)}
        where ${isOf(rows, person)} limit ${exportRowsMax + 1}`.execute(tx);
      return { table, rows: found.slice(0, exportRowsMax), truncated: found.length > exportRowsMax };
    },
    erase: (tx, person, alias) =>
      rows.erases === 'row' ? deleteRows(tx, rows, person) : writeAlias(tx, rows, person, alias),
  };
}

async function deleteRows(tx: Tx, rows: PersonalRows, person: Person): Promise<number> {
  const { numAffectedRows } =
    await sql`delete from ${sql.table(rows.table)} where ${isOf(rows, person)}`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

async function writeAlias(tx: Tx, rows: PersonalRows, person: Person, alias: string): Promise<number> {
  const { addresses = [], names = {}, texts = [], json = [], emptied = {} } = rows;
  const known = isKnown(rows, person);
  const all = {
    text: textPattern(person.email, person.names),
    json: jsonPattern(person.email, person.names),
  };
  const sure = tellingNames(person);
  const only = { text: textPattern(person.email, sure), json: jsonPattern(person.email, sure) };
  const scrubbed = (column: string, kind: 'text' | 'json') =>
    sql`regexp_replace(${sql.ref(column)}::text, case when ${known} then ${all[kind]}::text else ${only[kind]}::text end, ${alias}::text, 'gi')`;
  const sets = [
    ...addresses.map(
      (column) =>
        sql`${sql.ref(column)} = case when ${hasAddress(column, person)} then ${alias}::text else ${sql.ref(column)} end`,
    ),
    ...Object.entries(names).map(
      ([column, id]) =>
        sql`${sql.ref(column)} = case when ${isNamed(column, id, person)} then ${alias}::text else ${scrubbed(column, 'text')} end`,
    ),
    ...texts.map((column) => sql`${sql.ref(column)} = ${scrubbed(column, 'text')}`),
    ...json.map((column) => sql`${sql.ref(column)} = ${scrubbed(column, 'json')}::jsonb`),
    ...Object.entries(emptied).map(
      ([column, id]) =>
        sql`${sql.ref(column)} = case when ${hasId([id], person)} then null else ${sql.ref(column)} end`,
    ),
  ];
  if (sets.length === 0) return 0;
  const { numAffectedRows } = await sql`
    update ${sql.table(rows.table)} set ${sql.join(sets)} where ${isOf(rows, person)}`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** The row names the person by id, address or, where it has no id, by name. */
function isKnown(rows: PersonalRows, person: Person): RawBuilder<boolean> {
  const { ids = [], idsWithin = [], addresses = [], names = {} } = rows;
  return anyOf([
    hasId(ids, person),
    ...idsWithin.map((column) => holdsId(column, person)),
    ...addresses.map((column) => hasAddress(column, person)),
    ...Object.entries(names).map(([column, id]) => isNamed(column, id, person)),
  ]);
}

/** The same, or the address or a telling name stands somewhere in its texts. */
function isOf(rows: PersonalRows, person: Person): RawBuilder<boolean> {
  const { names = {}, texts = [], json = [] } = rows;
  const sure = tellingNames(person);
  const inText = textPattern(person.email, sure);
  const inJson = jsonPattern(person.email, sure);
  return anyOf([
    isKnown(rows, person),
    ...[...Object.keys(names), ...texts].map((column) => sql<boolean>`${sql.ref(column)} ~* ${inText}`),
    ...json.map((column) => sql<boolean>`${sql.ref(column)}::text ~* ${inJson}`),
  ]);
}

function hasId(columns: readonly string[], { ids }: Person): RawBuilder<boolean> {
  return anyOf(
    columns.map(
      (column) => sql<boolean>`coalesce(${sql.ref(column)}::text = any(${[...ids]}::text[]), false)`,
    ),
  );
}

function holdsId(column: string, { ids }: Person): RawBuilder<boolean> {
  return sql`exists (select from unnest(${[...ids]}::text[]) as own (id) where position(own.id in ${sql.ref(column)}::text) > 0)`;
}

function hasAddress(column: string, { email }: Person): RawBuilder<boolean> {
  return sql`coalesce(lower(${sql.ref(column)}) = ${email}, false)`;
}

/** By the id beside the name; without one, by the name itself or the address in its place. */
function isNamed(column: string, id: string | null, { ids, names, email }: Person): RawBuilder<boolean> {
  const byName = sql`${sql.ref(column)} = any(${[...names]}::text[]) or lower(${sql.ref(column)}) = ${email}`;
  if (id === null) return sql`coalesce(${byName}, false)`;
  return sql`coalesce(${sql.ref(id)}::text = any(${[...ids]}::text[]), ${byName}, false)`;
}

function anyOf(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return conditions.length === 0 ? sql`false` : sql`(${sql.join(conditions, sql` or `)})`;
}
