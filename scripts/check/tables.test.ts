import { expect, test } from 'vitest';
import { tablesIn } from './sql-text.ts';
import { breachFaults, ownerFaults, tablesOf } from './tables.ts';

const tables = new Set(['alerts', 'channels', 'checks', 'devices', 'events', 'sites']);

/** `@{` stands for the start of a value within a template. */
function named(source: string): string[] {
  return tablesIn(source.replaceAll('@{', '$' + '{'), (name) => tables.has(name)).map(({ table }) => table);
}

test('a table is found wherever SQL can name one', () => {
  expect(named('sql`select id from devices d join sites s on s.id = d.site_id`')).toEqual([
    'devices',
    'sites',
  ]);
  expect(named('sql<Row>`select 1 from unnest(@{ids}) w, only public.devices d, sites`')).toEqual([
    'devices',
    'sites',
  ]);
  expect(named('sql`insert into alerts (id) select id from (devices join sites using (id))`')).toEqual([
    'alerts',
    'devices',
    'sites',
  ]);
  expect(named('sql`update alerts a set site_id = s.id from sites s`')).toEqual(['alerts', 'sites']);
  expect(named('sql`delete from alerts a using devices d`')).toEqual(['alerts', 'devices']);
  expect(named('const text = `\n  with due as (select from checks) select 1 from due`')).toEqual(['checks']);
});

test('a fragment that begins with a table names it, also inside another fragment', () => {
  expect(named('const joined = sql`\n  devices d left join sites s on true`;')).toEqual(['devices', 'sites']);
  expect(named('sql`select 1 @{on ? sql`from devices` : sql``} where true`')).toEqual(['devices']);
  expect(named('sql.raw(`sites s join checks c on c.id = s.id`)')).toEqual(['sites', 'checks']);
});

test('query builders and clock rules name tables as values', () => {
  expect(named("tx.selectFrom('devices as d').innerJoin('sites', 'a', 'b')")).toEqual(['devices', 'sites']);
  expect(named("tx.insertInto('alerts').values({})")).toEqual(['alerts']);
  expect(named("stampedRows({ table: 'checks', past: [] })")).toEqual(['checks']);
});

test('a name that is chosen at run time counts with all its possible values', () => {
  expect(named("const of = (t: 'sites' | 'devices') => sql`select from @{sql.table(t)}`;")).toEqual([
    'sites',
    'devices',
  ]);
});

test('columns, aliases, values, comments and names defined by the statement itself are not tables', () => {
  expect(named('sql`select r.channels, events from rules_of r where r.checks = any(@{x})`')).toEqual([]);
  expect(named("sql`select 'from sites' as place -- from devices\n from told`")).toEqual([]);
  expect(named('sql`with checks as (select 1) select * from checks`')).toEqual([]);
  expect(named('sql`select 1 where a is distinct from channels for update of alerts`')).toEqual([]);
  expect(named('sql`select 1 from @{siteRows} sites where sites.id = 1`')).toEqual([]);
  expect(named("// select from devices\nsay('A device is told from devices that are alike.')")).toEqual([]);
  expect(named("const words = /from '`/;\nconst more = 'checks';")).toEqual([]);
});

test('a table without an owner, with two owners, or missing in the schema is a fault', () => {
  const schema = 'create table sites (\n);\ncreate table events (\n) partition by RANGE (at);\n';
  expect(ownerFaults(tablesOf(schema), { inventory: 'sites', telemetry: 'events' })).toEqual([]);
  expect(ownerFaults(tablesOf(schema), { inventory: 'sites' })).toEqual([
    expect.stringContaining('"events" has no owner'),
  ]);
  expect(ownerFaults(tablesOf(schema), { inventory: 'sites events', telemetry: 'events' })).toEqual([
    expect.stringContaining('"events" has two owners'),
  ]);
  expect(ownerFaults(tablesOf(schema), { inventory: 'sites events gone' })).toEqual([
    expect.stringContaining('"gone", which is not in the schema'),
  ]);
});

test('a new breach is a fault, and so is a listed one that no longer exists', () => {
  const homes = new Map([['sites', 'inventory']]);
  const breach = new Map([['modules/checks/store.ts sites', 'modules/checks/store.ts:7']]);
  expect(breachFaults(breach, [], homes)).toEqual([
    expect.stringContaining('server/src/modules/checks/store.ts:7: names table "sites" of inventory'),
  ]);
  expect(breachFaults(breach, ['modules/checks/store.ts sites'], homes)).toEqual([]);
  expect(breachFaults(new Map(), ['modules/checks/store.ts sites'], homes)).toEqual([
    expect.stringContaining('is mended'),
  ]);
});
