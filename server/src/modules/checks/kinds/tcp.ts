import { cutText } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { exchange, openSocket } from '#platform/exchange/open-socket';
import { failed, ok } from '#platform/exchange/probe';
import { hostField } from '#platform/kinds/fields';
import { defineCheckKind } from '../kind.ts';

export const tcp = defineCheckKind({
  kind: 'tcp',
  label: 'TCP port',
  help: 'Opens a connection. To find an expected text, sends your text and reads at most 4 KiB of the answer.',
  schema: Type.Object(
    {
      host: hostField,
      port: Type.Integer({ title: 'Port', minimum: 1, maximum: 65_535 }),
      send: Type.Optional(
        Type.String({
          title: 'Send',
          description: 'Sent as it stands, e.g. "PING\\r\\n".',
          maxLength: 1_000,
        }),
      ),
      expect: Type.Optional(Type.String({ title: 'Answer contains', minLength: 1, maxLength: 1_000 })),
    },
    { additionalProperties: false },
  ),
  secrets: [],
  fixture: { host: 'mail.example.com', port: 587, expect: '220 ' },
  target: (config) => config.host.toLowerCase(),
  hosts: (config) => [{ field: 'host', host: config.host, port: config.port }],
  async run(config, deps) {
    const socket = await openSocket(deps, config.host, config.port);
    try {
      const { expect } = config;
      if (expect === undefined) return ok(`Port ${config.port} accepts connections.`);
      const started = performance.now();
      const seen = (received: Buffer) => received.includes(expect);
      const answer = await exchange(socket, deps.signal, config.send ?? '', seen);
      deps.time('first_byte_ms', performance.now() - started);
      deps.log(`received ${JSON.stringify(cutText(answer.toString('utf8'), 200))}`);
      return seen(answer)
        ? ok(`The answer contains "${expect}".`)
        : failed(`The first ${answer.length} bytes of the answer do not contain "${expect}".`);
    } finally {
      socket.destroy();
    }
  },
});
