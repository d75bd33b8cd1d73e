import pg from 'pg';

/**
 * The speed of this PostgreSQL with rows of the same content and nothing else: one multi-row insert and one multi-row
 * upsert per transaction, in plain typed columns, from arrays that were built beforehand.
 */
export async function bareRowsPerSecond(
  url: string,
  options: { rows: number; connections: number; seconds: number },
): Promise<number> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query(setup);
  const until = performance.now() + options.seconds * 1000;
  const began = performance.now();
  const counts = await Promise.all(
    Array.from({ length: options.connections }, (_, lane) => fill(url, lane, options.rows, until)),
  );
  const seconds = (performance.now() - began) / 1000;
  await owner.query('drop table bare_raw, bare_state');
  await owner.end();
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}

const columns = `organization_id uuid not null, device_key integer not null, at timestamptz not null, status text not null,
  sequence bigint, sent_at timestamptz, app_version text, error_rate_5m float8, request_latency_p95 float8,
  sync_lag_sec float8, memory_usage float8, cpu_usage float8, disk_usage float8, metrics jsonb`;

const setup = `
  create table bare_raw (${columns});
  create index on bare_raw (device_key, at);
  create table bare_state (${columns}, primary key (device_key)) with (fillfactor = 70)`;

const names = [
  'organization_id',
  'device_key',
  'at',
  'status',
  'sequence',
  'sent_at',
  'app_version',
  'error_rate_5m',
  'request_latency_p95',
  'sync_lag_sec',
  'memory_usage',
  'cpu_usage',
  'disk_usage',
  'metrics',
];
const input = `unnest($1::uuid[], $2::int4[], $3::timestamptz[], $4::text[], $5::int8[], $6::timestamptz[], $7::text[],
  $8::float8[], $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::jsonb[])`;
const insertText = `insert into bare_raw (${names.join(', ')}) select * from ${input}`;
const upsertText = `insert into bare_state (${names.join(', ')}) select * from ${input}
  on conflict (device_key) do update set ${names
    .filter((name) => name !== 'device_key')
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;

const devicesPerLane = 2_500;
const variants = 16;

async function fill(url: string, lane: number, rows: number, until: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const batches = Array.from({ length: variants }, (_, variant) => toArrays(lane, variant, rows));
  let stored = 0;
  for (let turn = 0; performance.now() < until; turn += 1) {
    const values = batches[turn % variants] ?? [];
    await client.query('begin');
    await client.query({ name: 'bare_insert', text: insertText, values });
    await client.query({ name: 'bare_upsert', text: upsertText, values });
    await client.query('commit');
    stored += rows;
  }
  await client.end();
  return stored;
}

/** Each lane has its own devices, so lanes never wait for each other. */
function toArrays(lane: number, variant: number, rows: number): unknown[][] {
  const range = Array.from({ length: rows }, (_, index) => index);
  const now = new Date();
  const decimal = (factor: number) => range.map((index) => ((index * factor + variant * 13) % 600) / 10);
  return [
    range.map(() => '01890000-0000-7000-8000-000000000001'),
    range.map((index) => lane * devicesPerLane + ((variant * rows + index) % devicesPerLane) + 1),
    range.map(() => now),
    range.map(() => 'ok'),
    range.map((index) => variant * 1000 + index),
    range.map(() => now),
    range.map(() => '2.14.3'),
    decimal(1),
    decimal(7),
    decimal(3),
    decimal(2),
    decimal(11),
    range.map(() => 71.2),
    range.map((index) => `{"queue_depth":${index % 30},"temperature_c":${40 + (index % 80) / 10}}`),
  ];
}
