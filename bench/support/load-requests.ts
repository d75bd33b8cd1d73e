export interface LoadPlan {
  port: number;
  path: string;
  connections: number;
  seconds: number;
  /** Heartbeats per body. */
  perRequest: number;
  /** Token and slug of each simulated device. A batch is sent with `key`. */
  devices: { slug: string; token: string }[];
  /** Instead of heartbeats: a plain GET of `path` with each of these in turn, as curl sends it. */
  pingIds?: string[];
  key: string;
  firstSequence: number;
}

/**
 * Whole requests as bytes, built beforehand, because CPU time of the load process is taken from the server. A device's
 * request is changed in place (values, time, sequence: texts of fixed width) and sent again. By then its last one has
 * been answered, because there are more devices than connections.
 */
export interface Requests {
  next(): Buffer;
  lastSequence(): number;
}

/** A prime, so that devices do not use the same variants at the same time. */
const valueVariants = 1_009;
/** From this number on, all sequence numbers have the same number of digits. */
const sequenceBase = 1_000_000;
const timeMark = '2026-01-01T00:00:00.000Z';

interface Template {
  readonly bytes: Buffer;
  readonly bodyAt: number;
  readonly valuesAt: number;
  readonly timeAt: number;
  readonly sequenceAt: number;
}

export function createRequests(plan: LoadPlan): Requests {
  return plan.pingIds === undefined ? heartbeats(plan) : pings(plan.path, plan.pingIds);
}

function pings(path: string, ids: readonly string[]): Requests {
  const requests = ids.map((id) =>
    Buffer.from(
      `GET ${path}/${id} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n`,
      'latin1',
    ),
  );
  let turn = -1;
  return {
    next() {
      turn = (turn + 1) % requests.length;
      const request = requests[turn];
      if (request === undefined) throw new Error('No pings.');
      return request;
    },
    lastSequence: () => 0,
  };
}

function heartbeats(plan: LoadPlan): Requests {
  const values = Array.from({ length: valueVariants }, (_, index) => Buffer.from(valuesText(index)));
  const templates = plan.devices.map((device) => toTemplate(plan.path, device));
  let sequence = sequenceBase + plan.firstSequence;
  let sequenceText = Buffer.from(String(sequence));
  let turn = -1;
  let timeMs = 0;
  let timeText = Buffer.from(timeMark);

  function nextDevice(): Template {
    turn += 1;
    if (turn === templates.length) {
      turn = 0;
      sequence += 1;
      sequenceText = Buffer.from(String(sequence));
    }
    const now = Date.now();
    if (now !== timeMs) {
      timeMs = now;
      timeText = Buffer.from(new Date(now).toISOString());
    }
    const template = templates[turn];
    const own = values[(turn * 31 + sequence * 17) % valueVariants];
    if (template === undefined || own === undefined) throw new Error('No devices.');
    template.bytes.set(own, template.valuesAt);
    template.bytes.set(timeText, template.timeAt);
    template.bytes.set(sequenceText, template.sequenceAt);
    return template;
  }

  function nextBatch(): Buffer {
    const items = Array.from({ length: plan.perRequest }, () => {
      const { bytes, bodyAt } = nextDevice();
      return bytes.toString('latin1', bodyAt);
    });
    const body = `{"heartbeats":[${items.join(',')}]}`;
    return Buffer.from(`${head(plan.path, plan.key, body.length)}${body}`, 'latin1');
  }

  return {
    next: plan.perRequest === 1 ? () => nextDevice().bytes : nextBatch,
    lastSequence: () => sequence - sequenceBase,
  };
}

function head(path: string, token: string, bodyLength: number): string {
  return (
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n` +
    `content-type: application/json\r\ncontent-length: ${bodyLength}\r\n\r\n`
  );
}

function toTemplate(path: string, device: { slug: string; token: string }): Template {
  const values = valuesText(0);
  const body =
    `{"device_id":"${device.slug}","tenant_id":"default","store_id":"bench","status":"ok",` +
    `${values},"sent_at":"${timeMark}","sequence":${sequenceBase}}`;
  const before = head(path, device.token, body.length);
  const at = (part: string) => before.length + body.indexOf(part);
  return {
    bytes: Buffer.from(before + body, 'latin1'),
    bodyAt: before.length,
    valuesAt: at(values),
    timeAt: at(timeMark),
    sequenceAt: at(`${sequenceBase}}`),
  };
}

/** Eight numbers that change, always with the same number of characters. */
function valuesText(index: number): string {
  const step = (from: number, factor: number, range: number) =>
    (from + ((index * factor) % range) / 10).toFixed(1);
  return (
    `"error_rate_5m":${step(0, 1, 7)},"request_latency_p95":${step(100, 7, 400)},"sync_lag_sec":${step(0, 3, 50)},` +
    `"app_version":"2.14.3","memory_usage":${step(50, 2, 200)},"cpu_usage":${step(20, 11, 600)},"disk_usage":71.2,` +
    `"metrics":{"queue_depth":${10 + (index % 30)},"temperature_c":${step(40, 5, 80)}}`
  );
}
