import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '#platform/outbound/loopback-server';
import { probe, tcpServer } from '../checks.fixture.ts';

/** A self-signed certificate, valid for a few more days. */
let certificate: { key: string; cert: string };
let server: LoopbackServer;

beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-cert-'));
  try {
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=door.example.test', '-addext', 'subjectAltName=DNS:door.example.test'];
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', [...args, '-days', '6', ...subject, '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    certificate = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
  server = await startLoopbackServer((_request, response) => response.end('ok'), certificate);
});
afterAll(() => server[Symbol.asyncDispose]());

const door = (more: object) =>
  probe('tls', {
    host: '127.0.0.1',
    port: server.port,
    server_name: 'door.example.test',
    ca: certificate.cert,
    ...more,
  });

test('a certificate with enough days left is good, and its facts are kept', async () => {
  expect(await door({ days_left_min: 3 })).toMatchObject({
    outcome: 'ok',
    details: { certificate_subject: 'door.example.test', certificate_days_left: 5 },
    timings: { tls_ms: expect.any(Number) },
  });
});

test('a certificate that expires too soon fails and says when', async () => {
  expect(await door({ days_left_min: 14 })).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(
      /^The certificate expires in 5 days \(\d{4}-\d\d-\d\d\); at least 14 are required\.$/,
    ),
  });
});

test('an authority that is not trusted fails, unless any certificate is accepted', async () => {
  expect(await door({ ca: undefined })).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('not trusted'),
  });
  expect(await door({ ca: undefined, skip_verify: true, days_left_min: 0 })).toMatchObject({ outcome: 'ok' });
});

test('a certificate for another name fails', async () => {
  expect(await door({ server_name: 'gate.example.test' })).toMatchObject({
    outcome: 'failed',
    reason: 'The certificate is for another name.',
  });
});

test('an HTTP check trusts the same authority and counts the same days', async () => {
  const url = `https://127.0.0.1:${server.port}/`;
  expect(await probe('http', { url, skip_verify: true, certificate_days_left_min: 14 })).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('expires in 5 days'),
  });
});

test('a port that speaks, one that is silent and one that is closed have different results', async () => {
  await using speaking = await tcpServer((socket) => socket.write('220 mail.example.com ESMTP\r\n'));
  const asked = { host: '127.0.0.1', port: speaking.port };
  expect(await probe('tcp', asked)).toMatchObject({ outcome: 'ok' });
  expect(await probe('tcp', { ...asked, expect: '220 ' })).toMatchObject({ outcome: 'ok' });
  expect(await probe('tcp', { ...asked, expect: '500' }, { timeoutMs: 200 })).toMatchObject({
    outcome: 'failed',
  });
  await using silent = await tcpServer(() => undefined);
  for (const kind of ['tls', 'redis', 'mqtt'])
    expect(await probe(kind, { host: '127.0.0.1', port: silent.port }, { timeoutMs: 200 })).toMatchObject({
      outcome: 'failed',
      reason: 'No complete answer within 200 ms.',
    });
  expect(
    await probe('tcp', { host: '127.0.0.1', port: silent.port, expect: 'x' }, { timeoutMs: 200 }),
  ).toMatchObject({
    outcome: 'failed',
  });
});

test('a server that is neither Redis nor a broker is a clean failure', async () => {
  await using other = await tcpServer((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  expect(await probe('redis', { host: '127.0.0.1', port: other.port })).toMatchObject({ outcome: 'failed' });
  expect(await probe('mqtt', { host: '127.0.0.1', port: other.port })).toMatchObject({
    outcome: 'failed',
    reason: 'The other side is not an MQTT broker.',
  });
});
