import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { contractOf } from '#platform/kinds/contract.fixture';
import type { KindConfig } from '#platform/kinds/registry';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { toAuditRecord } from '../channels/channel-view.ts';
import { generateSecrets } from '../channels/generate-secrets.ts';
import type { ChannelKind } from '../kind.ts';
import { startMailServer } from '../mail-server.fixture.ts';
import type { Outcome } from '../outcome.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { channelKinds, describeChannelKind } from '../registry.ts';
import { testDeps } from '../senders/senders.fixture.ts';
import type { Message } from '../topics/message.ts';

const kinds = channelKinds.all;
const fixtureOf = (kind: ChannelKind): KindConfig => kind.fixture as KindConfig;
const secretsOf = (kind: ChannelKind) => kind.secrets.map((name) => String(fixtureOf(kind)[name]));

contractOf(channelKinds, import.meta.dirname);

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('the channel kind %s', (_name, kind) => {
  it('names only secrets, URLs and generated fields of its schema', () => {
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
    for (const field of Object.values(kind.schema.properties)) {
      expect(field).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    }
  });

  it('shows no secret in the audit', () => {
    const channel = {
      name: 'x',
      min_severity: 'low',
      enabled: true,
      escalation_only: false,
      routing: null,
    } as const;
    const shown = JSON.stringify(toAuditRecord(kind, channel, fixtureOf(kind)));
    for (const secret of secretsOf(kind)) expect(shown).not.toContain(secret);
  });

  it('makes secrets that its schema accepts', () => {
    const generated = Object.keys(kind.generate);
    const bare = Object.fromEntries(
      Object.entries(fixtureOf(kind)).filter(([name]) => !generated.includes(name)),
    );
    const { config, made } = generateSecrets(kind, bare);
    expect(Object.keys(made)).toEqual(generated);
    expect(channelKinds.parse(kind, config)).toEqual({ ...bare, ...made });
  });

  it('gives each recipient its own name without a secret', () => {
    const labels = kind.recipients(fixtureOf(kind)).map((recipient) => recipient.label);
    expect(labels.length).toBeGreaterThan(0);
    expect(new Set(labels).size).toBe(labels.length);
    for (const secret of secretsOf(kind)) expect(labels.join(' ')).not.toContain(secret);
  });

  it('accepts the config for a single address, if it has addresses', () => {
    const [recipient] = kind.recipients(fixtureOf(kind));
    const config = kind.addressed?.(recipient?.label ?? '');
    if (config === undefined) return;
    expect(channelKinds.parse(kind, config)).toEqual(config);
    expect(kind.recipients(config)).toEqual([recipient]);
  });

  it('has exactly the parts that its capabilities promise', async () => {
    const message = sampleMessage([sampleFacts()]);
    const action = { action: 'acknowledge', label: 'Acknowledge', topic: 'alert', subjectId: message.id };
    const unsubscribe = { url: 'https://watch.example.test/recipients/unsubscribe/1', label: 'Unsubscribe' };
    const { itemsPerMessageMax, state: _state, ...promised } = kind.capabilities;
    const plain = { ...message, thread: undefined, actions: [] };
    const before = await bytesOf(kind, plain);
    expect({
      thread: (await bytesOf(kind, { ...plain, thread: 'alert.1' })) !== before,
      buttons: (await bytesOf(kind, { ...plain, actions: [action] })) !== before,
      unsubscribe: (await bytesOf(kind, { ...plain, unsubscribe })) !== before,
    }).toEqual(promised);
    expect(itemsPerMessageMax).toBeGreaterThan(0);
    if (kind.capabilities.state === true) expect(itemsPerMessageMax).toBe(1);
  });

  it('has a way back exactly when it has buttons, and refuses a request that nobody signed', () => {
    expect(kind.inbound !== undefined).toBe(kind.capabilities.buttons);
    const request = { headers: {}, body: Buffer.from('payload={}') };
    expect(kind.inbound?.accepts(fixtureOf(kind)) ?? true).toBe(true);
    expect(kind.inbound?.verify(fixtureOf(kind), request, 0).genuine ?? false).toBe(false);
    expect(kind.inbound?.read(request, fixtureOf(kind))).toBeUndefined();
  });

  it('returns within its time from a receiver that never answers', async () => {
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

const calls = kinds.filter((kind) => kind.urls.length > 0);

describe.each(calls.map((kind) => [kind.kind, kind] as const))('the receiver of %s', (_name, kind) => {
  const alert = sampleMessage([sampleFacts()]);

  it('is given time when it asks for it', async () => {
    const { outcomes } = await sendTo(kind, [{ status: 429, headers: { 'retry-after': '30' } }], [alert]);
    expect(outcomes).toMatchObject([{ outcome: 'retry', status: 429, retryAfterSeconds: 30 }]);
  });

  it('gets the same message again after it failed', async () => {
    const answers = [{ status: 503 }, { status: 200, body: goodAnswer }];
    const { outcomes, bodies } = await sendTo(kind, answers, [alert, alert]);
    expect(outcomes).toMatchObject([{ outcome: 'retry', status: 503 }, { outcome: 'sent' }]);
    expect(bodies[1]).toBe(bodies[0]);
  });

  it.each([400, 401, 403, 404, 410])(
    'is not asked again after %i, and the reason has no secret',
    async (status) => {
      const { outcomes } = await sendTo(kind, [{ status, body: 'no' }], [alert]);
      expect(outcomes).toMatchObject([{ outcome: 'permanent', status, reason: expect.stringMatching(/\S/) }]);
      for (const secret of secretsOf(kind)) expect(JSON.stringify(outcomes)).not.toContain(secret);
    },
  );

  it('gets no more than 32 KB of words', async () => {
    const loud = {
      ...alert,
      title: '💡'.repeat(3_000),
      lines: Array.from({ length: 400 }, () => 'Öl '.repeat(700)),
    };
    const { bodies } = await sendTo(kind, [{ status: 200, body: goodAnswer }], [loud]);
    expect(Buffer.byteLength(bodies[0] ?? '')).toBeLessThan(32_768);
  });
});

/** Sends the messages one after the other; the receiver has an answer for each. */
async function sendTo(kind: ChannelKind, answers: Receiver['answers'], messages: readonly Message[]) {
  await using receiver = await startReceiver();
  receiver.answers = answers;
  await using deps = testDeps();
  const urls = Object.fromEntries(kind.urls.map((name) => [name, receiver.url]));
  const outcomes: Outcome[] = [];
  for (const message of messages)
    outcomes.push(await kind.send({ ...fixtureOf(kind), ...urls }, message, deps));
  return { outcomes, bodies: receiver.received.map(({ body }) => body) };
}

/** An answer that every kind reads as "taken". */
const goodAnswer = JSON.stringify({ ok: true, result: { message_id: 1 }, status: 'success', success: true });

/** The bytes that a receiver gets of this message, without the parts that differ in each sending. */
async function bytesOf(kind: ChannelKind, message: Message): Promise<string> {
  await using receiver = await startReceiver();
  receiver.answer = { status: 200, body: goodAnswer };
  await using mail = await startMailServer();
  await using deps = testDeps({ smtpUrl: mail.url });
  const urls = Object.fromEntries(kind.urls.map((name) => [name, receiver.url]));
  const outcome = await kind.send({ ...fixtureOf(kind), ...urls }, message, deps);
  expect(outcome.outcome).toBe('sent');
  const bytes = [...receiver.received.map(({ body }) => body), ...mail.mails.map(({ text }) => text)].join();
  return bytes.replace(/--_NmP-[\w-]+/g, '');
}

/** Accepts connections and never answers. */
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
