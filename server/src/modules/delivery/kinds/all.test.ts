import { readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createVault } from '#platform/vault';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { toAuditRecord } from '../channels/channel-view.ts';
import {
  generateSecrets,
  keepSecrets,
  openSettings,
  redactSettings,
  sealSettings,
} from '../channels/settings.ts';
import type { ChannelKind } from '../kind.ts';
import { type ChannelConfig, channelKinds, describeChannelKind, parseChannelConfig } from '../registry.ts';
import { testDeps } from '../senders/senders.fixture.ts';

const vault = createVault(Buffer.alloc(32, 7));
const kinds = [...channelKinds.values()];
const fixtureOf = (kind: ChannelKind): ChannelConfig => kind.fixture as ChannelConfig;
const secretsOf = (kind: ChannelKind) => kind.secrets.map((name) => String(fixtureOf(kind)[name]));

it('registers every file of the folder under its own name', () => {
  const files = readdirSync(import.meta.dirname).filter(
    (file) => !file.startsWith('all.') && !file.includes('.test.'),
  );
  expect(kinds.map((kind) => `${kind.kind}.ts`).toSorted()).toEqual(files.toSorted());
});

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('the channel kind %s', (_name, kind) => {
  it('accepts its own fixture and refuses a field it does not know, naming it', () => {
    expect(parseChannelConfig(kind, fixtureOf(kind))).toEqual(fixtureOf(kind));
    expect(() => parseChannelConfig(kind, { ...fixtureOf(kind), colour: 'red' })).toThrow(
      expect.objectContaining({
        code: 'unknown_field',
        errors: [{ field: 'config.colour', message: 'is not a known field' }],
      }),
    );
  });

  it('names secrets, URLs and generated fields that its schema has', () => {
    const fields = Object.keys(kind.schema.properties);
    expect(fields).toEqual(
      expect.arrayContaining([...kind.secrets, ...kind.urls, ...Object.keys(kind.generate)]),
    );
    expect(kind.secrets).toEqual(expect.arrayContaining(Object.keys(kind.generate)));
  });

  it('describes itself in JSON, with words for every field', () => {
    const config = { email: { enabled: false, recipients: [], smtpUrl: undefined, from: 'x' } };
    const description = describeChannelKind(kind, config);
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
    expect(description.label).not.toBe('');
    expect(description.help).not.toBe('');
    for (const field of Object.values(kind.schema.properties)) {
      expect(field).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    }
  });

  it('shows no secret in what is stored, answered or audited, and opens them again', () => {
    const stored = sealSettings(kind, fixtureOf(kind), vault);
    const shown = JSON.stringify([
      stored,
      redactSettings(kind, fixtureOf(kind)),
      toAuditRecord(
        kind,
        { name: 'x', min_severity: 'low', enabled: true, escalation_only: false },
        fixtureOf(kind),
      ),
    ]);
    for (const secret of secretsOf(kind)) expect(shown).not.toContain(secret);
    expect(openSettings(stored, vault)).toEqual(fixtureOf(kind));
  });

  it('keeps its secrets when a change leaves them out or sends the stars back', () => {
    const shown = redactSettings(kind, fixtureOf(kind));
    expect(keepSecrets(kind, shown, fixtureOf(kind))).toEqual(fixtureOf(kind));
    const without = Object.fromEntries(
      Object.entries(shown).filter(([name]) => !(kind.secrets as readonly string[]).includes(name)),
    );
    expect(keepSecrets(kind, without, fixtureOf(kind))).toEqual(fixtureOf(kind));
  });

  it('makes secrets that its schema takes', () => {
    const generated = Object.keys(kind.generate);
    const bare = Object.fromEntries(
      Object.entries(fixtureOf(kind)).filter(([name]) => !generated.includes(name)),
    );
    const { config, made } = generateSecrets(kind, bare);
    expect(Object.keys(made)).toEqual(generated);
    expect(parseChannelConfig(kind, config)).toEqual({ ...bare, ...made });
  });

  it('gives each recipient a name of its own that holds no secret', () => {
    const labels = kind.recipients(fixtureOf(kind)).map((recipient) => recipient.label);
    expect(labels.length).toBeGreaterThan(0);
    expect(new Set(labels).size).toBe(labels.length);
    for (const secret of secretsOf(kind)) expect(labels.join(' ')).not.toContain(secret);
  });

  it('comes back within its time from a receiver that says nothing', async () => {
    await using mute = await startMuteServer();
    const urls = Object.fromEntries(kind.urls.map((name) => [name, `http://127.0.0.1:${mute.port}/`]));
    await using deps = testDeps({ smtpUrl: `smtp://127.0.0.1:${mute.port}`, timeoutMs: 200 });
    const started = performance.now();
    for (const facts of [sampleFacts(), resolvedFacts()]) {
      const outcome = await kind.send({ ...fixtureOf(kind), ...urls }, sampleMessage([facts]), deps);
      expect(outcome.outcome).toBe(kind.kind === 'console' ? 'sent' : 'retry');
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

/** Accepts connections and never says a word. */
async function startMuteServer(): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Safe because a server that listens on TCP has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
