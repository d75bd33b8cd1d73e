import { cutText } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { exchange, openSocket, openTlsSocket } from '#platform/exchange/open-socket';
import { failed, ok } from '#platform/exchange/probe';
import { caField, hostField, portField, secretField, skipVerifyField } from '#platform/kinds/fields';
import { defineCheckKind } from '../kind.ts';

/** RESP: an array of bulk strings. They have a length and no quoting, so a password cannot end a command. */
export function respCommand(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

export const redis = defineCheckKind({
  kind: 'redis',
  label: 'Redis or Valkey',
  help: 'Signs in when there is a password, and sends PING. Any answer but PONG is a failure.',
  schema: Type.Object(
    {
      host: hostField,
      port: portField(6379),
      username: Type.Optional(Type.String({ title: 'User', maxLength: 200 })),
      password: secretField('Password'),
      tls: Type.Boolean({ title: 'TLS', default: false }),
      ca: caField,
      skip_verify: skipVerifyField,
    },
    { additionalProperties: false },
  ),
  secrets: ['password'],
  fixture: {
    host: 'cache.example.com',
    port: 6379,
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
      const isLine = (received: Buffer) => received.includes('\r\n');
      if (config.password !== undefined) {
        const words = config.username === undefined ? [config.password] : [config.username, config.password];
        const answer = line(await exchange(socket, deps.signal, respCommand('AUTH', ...words), isLine));
        deps.log(`AUTH: ${answer}`);
        if (answer !== '+OK') return failed(`Signing in was refused: ${answer.replace(/^-/, '')}`);
      }
      const started = performance.now();
      const answer = line(await exchange(socket, deps.signal, respCommand('PING'), isLine));
      deps.time('first_byte_ms', performance.now() - started);
      deps.log(`PING: ${answer}`);
      return answer === '+PONG'
        ? ok('It answers PONG.')
        : failed(`PING was answered with ${answer.replace(/^-/, '')}`);
    } finally {
      socket.destroy();
    }
  },
});

const lineLengthMax = 200;

function line(received: Buffer): string {
  return cutText(received.toString('utf8').split('\r\n')[0] ?? '', lineLengthMax);
}
