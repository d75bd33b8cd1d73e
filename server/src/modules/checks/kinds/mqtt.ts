import { randomBytes } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { exchange, openSocket, openTlsSocket } from '#platform/exchange/open-socket';
import { failed, ok } from '#platform/exchange/probe';
import { caField, hostField, portField, secretField, skipVerifyField } from '#platform/kinds/fields';
import { defineCheckKind } from '../kind.ts';

const schema = Type.Object(
  {
    host: hostField,
    port: portField(1883),
    username: Type.Optional(Type.String({ title: 'User', maxLength: 200 })),
    password: secretField('Password'),
    tls: Type.Boolean({ title: 'TLS', default: false }),
    ca: caField,
    skip_verify: skipVerifyField,
  },
  { additionalProperties: false },
);

/** MQTT 3.1.1, section 3.2.2.3. */
const refusals = [
  '',
  'it does not speak MQTT 3.1.1',
  'it refuses the client id',
  'it is not available',
  'the user name or password is wrong',
  'this client is not allowed in',
];
const keepAliveSeconds = 30;
const disconnect = Buffer.from([0xe0, 0x00]);

export const mqtt = defineCheckKind({
  kind: 'mqtt',
  label: 'MQTT broker',
  help: 'Connects as an MQTT 3.1.1 client with a new, clean session, waits until the broker accepts it, and disconnects.',
  schema,
  secrets: ['password'],
  check: (config) =>
    config.password !== undefined && config.username === undefined
      ? [{ field: 'username', message: 'is required with a password in MQTT 3.1.1' }]
      : [],
  fixture: {
    host: 'broker.example.com',
    port: 8883,
    username: 'watch',
    password: 'a long secret',
    tls: true,
    skip_verify: false,
  },
  target: (config) => config.host.toLowerCase(),
  hosts: (config) => [{ field: 'host', host: config.host, port: config.port }],
  async run(config, deps) {
    const socket = config.tls
      ? await openTlsSocket(deps, config.host, config.port, { ca: config.ca, verify: !config.skip_verify })
      : await openSocket(deps, config.host, config.port);
    try {
      const started = performance.now();
      const answer = await exchange(
        socket,
        deps.signal,
        connectPacket(config),
        (received) => received.length >= 4,
      );
      deps.time('first_byte_ms', performance.now() - started);
      deps.log(`CONNACK: ${answer.toString('hex').slice(0, 16)}`);
      if (answer[0] !== 0x20 || answer[1] !== 2) return failed('The other side is not an MQTT broker.');
      const code = answer[3] ?? 0;
      if (code !== 0)
        return failed(`The broker refused the connection: ${refusals[code] ?? `code ${code}`}.`);
      socket.write(disconnect);
      return ok('The broker accepted the connection.');
    } finally {
      socket.destroySoon();
    }
  },
});

function connectPacket(config: Static<typeof schema>): Buffer {
  const flags =
    0x02 | (config.username === undefined ? 0 : 0x80) | (config.password === undefined ? 0 : 0x40);
  const payload = [
    text(`watchkeeper-${randomBytes(5).toString('hex')}`),
    ...(config.username === undefined ? [] : [text(config.username)]),
    ...(config.password === undefined ? [] : [text(config.password)]),
  ];
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, flags, 0, keepAliveSeconds]), ...payload]);
  return Buffer.concat([Buffer.from([0x10, ...remainingLength(body.length)]), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** Seven bits per byte, the lowest first. */
function remainingLength(length: number): number[] {
  const low = length % 128;
  const rest = Math.floor(length / 128);
  return rest === 0 ? [low] : [low | 0x80, ...remainingLength(rest)];
}
