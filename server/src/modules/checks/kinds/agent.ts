import { roughDuration } from '@watchkeeper/contracts/figures';
import Type, { type Static } from 'typebox';
import { deviceStateRows } from '#modules/telemetry';
import type { Database } from '#platform/db/database';
import { textOfRows } from '#platform/db/shown';
import { failed, ok, type Probe, unable } from '#platform/exchange/probe';
import { defineCheckKind } from '../kind.ts';

const percent = (title: string, description: string) =>
  Type.Optional(Type.Number({ title, description, unit: '%', minimum: 0, maximum: 100 }));
const megabits = (title: string) =>
  Type.Optional(
    Type.Number({
      title,
      description: 'Left out: not judged.',
      unit: 'Mbit/s',
      minimum: 0,
      maximum: 1_000_000,
    }),
  );

const schema = Type.Object(
  {
    cpu_max: percent('CPU, at most', 'Left out: CPU_USAGE_THRESHOLD of this installation.'),
    memory_max: percent('Memory, at most', 'Left out: MEMORY_USAGE_THRESHOLD of this installation.'),
    disk_max: percent('Disk, at most', 'Left out: DISK_USAGE_THRESHOLD of this installation.'),
    receive_max: megabits('Network in, at most'),
    send_max: megabits('Network out, at most'),
  },
  { additionalProperties: false },
);
type Config = Static<typeof schema>;

/** The newest heartbeat of the device, and the limits of this installation. */
export interface HostFigures {
  readonly check_id: string;
  readonly last_seen_at: Date | null;
  readonly cpu_usage: number | null;
  readonly memory_usage: number | null;
  readonly disk_usage: number | null;
  readonly received: number | null;
  readonly sent: number | null;
}

export interface HostLimits {
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
  readonly offlineMs: number;
}

interface Given {
  readonly figures: HostFigures;
  readonly limits: HostLimits;
}

export const agent = defineCheckKind<typeof schema, Given>({
  kind: 'agent',
  label: 'Host figures by our agent',
  help: 'Judges CPU, memory, disk and network of a device by the heartbeats of the agent on it. While the agent is silent, the check is unknown; the heartbeat rule alerts about the silence.',
  schema,
  secrets: [],
  fixture: { cpu_max: 90, memory_max: 85, disk_max: 90 },
  witness: 'agent',
  target: () => null,
  refers: async (_tx, { deviceId }) =>
    deviceId === null ? [{ field: 'device', message: 'is required: the device that the agent runs on' }] : [],
  async prepare(batch, { db, config }) {
    const { thresholds, heartbeat } = config;
    const limits = {
      cpu: thresholds.cpuPercent,
      memory: thresholds.memoryPercent,
      disk: thresholds.diskPercent,
      offlineMs: heartbeat.offlineSeconds * 1_000,
    };
    const rows = await loadFigures(db, batch);
    return new Map(rows.map((figures) => [figures.check_id, { figures, limits }]));
  },
  run: async (config, deps, given) =>
    given === undefined
      ? unable('Its agent has not sent a heartbeat yet.')
      : judgeHost(config, given.figures, given.limits, deps.now()),
});

/** Across tenants, because the engine claims across tenants. */
async function loadFigures(
  db: Pick<Database, 'pool'>,
  batch: readonly { checkId: string; organizationId: string; deviceId: string | null }[],
): Promise<HostFigures[]> {
  const { rows } = await db.pool.query<HostFigures>({
    name: 'checks.agent.figures',
    text: `select i.check_id, d.last_seen_at, d.cpu_usage, d.memory_usage, d.disk_usage,
        (d.metrics->>'network_rx_bytes_per_sec')::float8 as received, (d.metrics->>'network_tx_bytes_per_sec')::float8 as sent
      from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as i(check_id, organization_id, device_id)
      join ${textOfRows(deviceStateRows)} d on d.device_id = i.device_id and d.organization_id = i.organization_id`,
    values: [
      batch.map((one) => one.checkId),
      batch.map((one) => one.organizationId),
      batch.map((one) => one.deviceId),
    ],
  });
  return rows;
}

const bitsPerMegabit = 1_000_000;

export function judgeHost(config: Config, figures: HostFigures, limits: HostLimits, now: number): Probe {
  const { last_seen_at: seen } = figures;
  if (seen === null) return unable('Its agent has not sent a heartbeat yet.');
  const age = now - seen.getTime();
  if (age > limits.offlineMs)
    return unable(
      `Its agent has been silent for ${roughDuration(age / 1_000)}: its last figures are too old.`,
    );
  const megabit = (bytes: number | null) => (bytes === null ? null : (bytes * 8) / bitsPerMegabit);
  const all = [
    { what: 'CPU', unit: '%', value: figures.cpu_usage, max: config.cpu_max ?? limits.cpu },
    { what: 'Memory', unit: '%', value: figures.memory_usage, max: config.memory_max ?? limits.memory },
    { what: 'Disk', unit: '%', value: figures.disk_usage, max: config.disk_max ?? limits.disk },
    { what: 'Network in', unit: 'Mbit/s', value: megabit(figures.received), max: config.receive_max },
    { what: 'Network out', unit: 'Mbit/s', value: megabit(figures.sent), max: config.send_max },
  ];
  const known = all.flatMap(({ value, max, ...one }) =>
    value === null || max === undefined ? [] : [{ ...one, value: Math.round(value * 10) / 10, max }],
  );
  if (known.length === 0) return unable('Its agent reports none of the figures that this check judges.');
  const details = Object.fromEntries(
    known.map(({ what, value }) => [what.toLowerCase().replace(' ', '_'), value]),
  );
  const over = known.filter(({ value, max }) => value > max);
  if (over.length === 0)
    return ok(`${known.map(({ what, value, unit }) => `${what} ${value} ${unit}`).join(', ')}.`, details);
  const words = over.map(({ what, value, unit, max }) => `${what} ${value} ${unit}, at most ${max}`);
  return failed(`${words.join('; ')}.`, details);
}
