import type { ServerProcess } from './server-process.ts';
import { waitFor } from './wait-for.ts';

const retryMs = 100;

/** One device that behaves as an agent should: numbered heartbeats, each repeated until it is acknowledged. */
export interface Agent {
  readonly slug: string;
  readonly token: string;
  /** Sequence numbers the server acknowledged (202). */
  readonly acknowledged: Set<number>;
  /** Answers other than 202, by status. */
  readonly refusals: Map<number, number>;
  /** `Retry-After` of each 503. */
  readonly retryAfter: (string | null)[];
}

export const siteSlug = 'north';

/** Creates a site and devices, and returns their agents. */
export async function createFleet(server: ServerProcess, count: number, prefix = 'device'): Promise<Agent[]> {
  await server.call('POST', '/api/v1/default/sites', {
    slug: siteSlug,
    name: 'North',
    timezone: 'Europe/Berlin',
  });
  const agents: Agent[] = [];
  for (let index = 0; index < count; index += 1) {
    const slug = `${prefix}-${index}`;
    const answer = await server.call('POST', '/api/v1/default/devices', { slug, site: siteSlug });
    if (answer.status !== 201)
      throw new Error(`device ${slug}: ${answer.status} ${JSON.stringify(answer.body)}`);
    // Safe because a 201 carries the token.
    const { token } = answer.body as { token: string };
    agents.push({ slug, token, acknowledged: new Set(), refusals: new Map(), retryAfter: [] });
  }
  return agents;
}

export interface Load {
  /** Stops sending new heartbeats and waits until the pending ones are acknowledged. */
  finish(): Promise<void>;
}

/** Each agent sends one heartbeat after the other, every `everyMs`, and repeats a failed one, as real agents do. */
export function startLoad(url: () => string, agents: readonly Agent[], everyMs: number): Load {
  let stopping = false;
  async function live(agent: Agent): Promise<void> {
    for (let sequence = 1; !stopping; sequence += 1) {
      await deliver(url, agent, sequence);
      await pause(everyMs);
    }
  }
  const lives = agents.map(live);
  return {
    async finish() {
      stopping = true;
      await Promise.all(lives);
    },
  };
}

async function deliver(url: () => string, agent: Agent, sequence: number): Promise<void> {
  const body = JSON.stringify({
    device_id: agent.slug,
    tenant_id: 'default',
    store_id: siteSlug,
    status: 'online',
    sequence,
    sent_at: new Date().toISOString(),
    cpu_usage: sequence % 100,
  });
  await waitFor(
    `heartbeat ${sequence} of ${agent.slug} to be taken`,
    async () => {
      const response = await fetch(`${url()}/heartbeat`, {
        method: 'POST',
        headers: { authorization: `Bearer ${agent.token}`, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined);
      if (response?.status === 202) {
        agent.acknowledged.add(sequence);
        await response.body?.cancel();
        return true;
      }
      if (response !== undefined) {
        agent.refusals.set(response.status, (agent.refusals.get(response.status) ?? 0) + 1);
        if (response.status === 503) agent.retryAfter.push(response.headers.get('retry-after'));
        await response.body?.cancel();
      }
      await pause(retryMs);
      return false;
    },
    300_000,
  );
}

/** The pace of a simulated device, not a wait for a result. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Sequence numbers in the stored raw history of a device. */
export async function storedSequences(server: ServerProcess, slug: string): Promise<number[]> {
  const found: number[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 200; page += 1) {
    const query = new URLSearchParams({ hours: '1', limit: '500', ...(cursor === null ? {} : { cursor }) });
    const answer = await server.call('GET', `/heartbeat/${slug}/history?${query}`);
    // Safe because the OpenAPI document promises this shape.
    const body = answer.body as { data: { sequence: number | null }[]; next_cursor: string | null };
    for (const point of body.data) if (point.sequence !== null) found.push(point.sequence);
    cursor = body.next_cursor;
    if (cursor === null) return found;
  }
  throw new Error('The history has more than 200 pages.');
}
