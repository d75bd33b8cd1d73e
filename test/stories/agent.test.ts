import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, createAgent, type Reading } from '../../packages/agent/src/index.ts';
import { createCollector } from '../../packages/agent/src/requests/collector.ts';
import { bootstrapKey, type TestApp, testApp } from '../support/app.ts';
import { loopbackCertificate } from '../support/loopback-certificate.ts';
import { waitFor } from '../support/wait-for.ts';

const org = 'default';
const agentMain = fileURLToPath(new URL('../../packages/agent/src/command.cts', import.meta.url));

/** The compiled program, as the package ships it: running TypeScript would add Node's own memory to the measurement. */
async function buildAgent(folder: string): Promise<string> {
  const own = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const dist = path.join(folder, 'dist');
  const compiler = own('node_modules/typescript/bin/tsc');
  const project = own('packages/agent/tsconfig.build.json');
  await promisify(execFile)(process.execPath, [compiler, '-p', project, '--outDir', dist]);
  await copyFile(own('packages/agent/package.json'), path.join(folder, 'package.json'));
  return path.join(dist, 'command.cjs');
}

async function readQueue(dataDir: string): Promise<number> {
  const folder = path.join(dataDir, 'queue');
  const files = await Promise.all(
    (await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')),
  );
  return files.join('').split('\n').length - 1;
}

async function residentMb(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
}

/** A connection to the server that can be cut: open sockets break, new ones are refused. */
async function cuttableLine(target: URL, certificate?: typeof loopbackCertificate) {
  const open = new Set<net.Socket>();
  let cut = false;
  const take = (socket: net.Socket): void => {
    if (cut) {
      socket.destroy();
      return;
    }
    const upstream = net.connect(Number(target.port), target.hostname);
    for (const end of [socket, upstream]) {
      open.add(end);
      end.on('error', () => end.destroy()).on('close', () => open.delete(end));
    }
    socket.pipe(upstream).pipe(socket);
  };
  const server = certificate === undefined ? net.createServer(take) : tls.createServer(certificate, take);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Safe because a listening TCP server has such an address.
  const { port } = server.address() as net.AddressInfo;
  return {
    url: new URL(`${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`),
    cut() {
      cut = true;
      for (const socket of open) socket.destroy();
    },
    mend() {
      cut = false;
    },
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

describe('the agent', () => {
  let house: TestApp;
  let folder: string;

  beforeAll(async () => {
    house = await testApp({ listen: true, work: true });
    folder = await mkdtemp(path.join(tmpdir(), 'agent-story-'));
    const site = { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' };
    expect((await house.call('POST', `/api/v1/${org}/sites`, { body: site })).status).toBe(201);
  });
  afterAll(async () => {
    await house.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function addDevice(slug: string): Promise<string> {
    const body = { slug, name: slug, site: 'dartmouth' };
    const created = await house.call('POST', `/api/v1/${org}/devices`, { body });
    expect(created.status).toBe(201);
    return created.body.token;
  }

  async function history(device: string) {
    const answer = await house.call('GET', `/heartbeat/${device}/history?hours=1&resolution=raw`);
    expect(answer.status).toBe(200);
    return answer.body.data;
  }

  test('keeps heartbeats while the line is cut and over its own restart, and delivers each once and in order', async () => {
    const token = await addDevice('bay-1-pc');
    const line = await cuttableLine(new URL(house.url));
    const settings = {
      url: line.url,
      token,
      tenant: org,
      store: 'dartmouth',
      device: 'bay-1-pc',
      intervalMs: 1_000,
      dataDir: path.join(folder, 'bay-1'),
      appVersion: '1.2.3',
    };
    let beats = 0;
    const read = async (): Promise<Reading> => {
      beats += 1;
      return { cpu_usage: beats, metrics: { beat: beats } };
    };
    let agent: Agent = createAgent(settings, { read });
    await agent.beat();
    expect(agent.state).toMatchObject({ queued: 0, lastFailure: undefined });

    line.cut();
    for (let n = 0; n < 3; n += 1) await agent.beat();
    expect(agent.state.queued).toBe(3);
    expect(agent.state.lastFailure).toMatch(/no answer/);
    await agent.stop();

    agent = createAgent(settings, { read });
    await agent.beat();
    expect(agent.state.queued).toBe(4);
    line.mend();
    agent.start();
    await waitFor('the queue to empty', () => (agent.state.queued === 0 ? true : undefined));
    await agent.stop();
    line.close();

    const points = await history('bay-1-pc');
    const sequences = points.map((point: { sequence: number }) => point.sequence);
    expect(
      points.map((point: { values: { cpu_usage: number } }) => point.values.cpu_usage).slice(0, 5),
    ).toEqual([1, 2, 3, 4, 5]);
    expect(points).toHaveLength(beats);
    expect(new Set(sequences).size).toBe(beats);
    expect(sequences).toEqual(sequences.toSorted((one: number, other: number) => one - other));
  });

  test('reports a wrong token in the log and keeps its heartbeats', async () => {
    await addDevice('bay-2-pc');
    const lines: string[] = [];
    const agent = createAgent(
      {
        url: new URL(house.url),
        token: 'wkd_not_a_real_token_00000000000000000000',
        tenant: org,
        store: 'dartmouth',
        device: 'bay-2-pc',
        intervalMs: undefined,
        dataDir: path.join(folder, 'bay-2'),
        appVersion: undefined,
      },
      { read: async () => ({}), log: (_level, message) => lines.push(message) },
    );
    await agent.beat();
    await agent.beat();
    expect(agent.state.queued).toBe(2);
    expect(lines).toEqual([expect.stringMatching(/next try in \d+ s: 401/)]);
    await agent.stop();
  });

  test('run with --once sends one heartbeat of this machine', async () => {
    const token = await addDevice('bay-3-pc');
    const child = spawn(
      process.execPath,
      [agentMain, '--once', '--tenant', org, '--store', 'dartmouth', '--device', 'bay-3-pc'],
      {
        env: {
          PATH: process.env.PATH,
          WATCHKEEPER_URL: house.url,
          WATCHKEEPER_TOKEN: token,
          WATCHKEEPER_DATA_DIR: path.join(folder, 'bay-3'),
        },
        stdio: 'inherit',
      },
    );
    expect(await once(child, 'exit')).toEqual([0, null]);
    const [point] = await history('bay-3-pc');
    expect(point.values.memory_usage).toBeGreaterThan(0);
    expect(point.metrics.agent_rss_mb).toBeGreaterThan(0);
  });

  test.runIf(process.platform === 'linux')(
    'takes at most 60 MB, over TLS and after it has sent the heartbeats of an outage',
    async () => {
      const token = await addDevice('bay-4-pc');
      const line = await cuttableLine(new URL(house.url), loopbackCertificate);
      const authority = path.join(folder, 'authority.pem');
      await writeFile(authority, loopbackCertificate.cert);
      const child = spawn(process.execPath, [await buildAgent(path.join(folder, 'package'))], {
        env: {
          PATH: process.env.PATH,
          NODE_EXTRA_CA_CERTS: authority,
          WATCHKEEPER_URL: line.url.href,
          WATCHKEEPER_TOKEN: token,
          WATCHKEEPER_TENANT: org,
          WATCHKEEPER_STORE: 'dartmouth',
          WATCHKEEPER_DEVICE: 'bay-4-pc',
          WATCHKEEPER_INTERVAL: '1s',
          WATCHKEEPER_DATA_DIR: path.join(folder, 'bay-4'),
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (chunk) => {
        said += chunk;
      });
      const arrived = async (count: number) =>
        await waitFor(
          `${count} heartbeats; the agent said: ${said}`,
          async () => (await history('bay-4-pc')).length >= count,
        );
      await arrived(5);
      line.cut();
      await waitFor('the agent to miss the server', () => said.includes('wait on disk'));
      await waitFor(
        'three heartbeats on disk',
        async () => (await readQueue(path.join(folder, 'bay-4'))) >= 3,
      );
      line.mend();
      await waitFor('the agent to reach it again', () => said.includes('accepts heartbeats again'));
      await arrived((await history('bay-4-pc')).length + 5);
      const resident = await residentMb(child.pid);
      child.kill();
      await once(child, 'exit');
      line.close();
      expect(
        resident,
        `the agent promises at most 60 MB resident; it takes ${resident.toFixed(1)} MB under Node ${process.version}`,
      ).toBeLessThanOrEqual(60);
    },
    90_000,
  );

  test('sends the request figures of a server as metrics of their route', async () => {
    const complaints: string[] = [];
    const collector = createCollector({
      url: house.url,
      apiKey: bootstrapKey,
      tenant: org,
      source: 'shop-api',
      log: (message) => complaints.push(message),
    });
    for (let n = 0; n < 9; n += 1)
      collector.add({ method: 'GET', route: '/orders/:id', status: 200, ms: 10 });
    collector.add({ method: 'GET', route: '/orders/:id', status: 503, ms: 400 });
    await collector.stop();
    expect(complaints).toEqual([]);
    const answer = await house.call('GET', `/api/v1/${org}/metrics?source=shop-api`);
    const byName = Object.fromEntries(
      answer.body.data.map((metric: { metric_name: string; value: number }) => [
        metric.metric_name,
        metric.value,
      ]),
    );
    expect(byName).toMatchObject({ server_errors: 10, client_errors: 0, latency_max: 400 });
    expect(byName.latency_p50).toBeCloseTo(10, 0);
    expect(answer.body.data[0].endpoint).toBe('GET /orders/:id');
  });
});
