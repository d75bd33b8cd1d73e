// The whole server in a separate process, with two more routes that do nothing: one validates a heartbeat, the other a
// ping.
import { Heartbeat, HeartbeatReceipt } from '@watchkeeper/contracts/telemetry';
import { createApp } from '../../server/src/app.ts';
import { readConfig } from '../../server/src/config/config.ts';
import { isId } from '../../server/src/platform/ids.ts';
import { createLogger } from '../../server/src/platform/log.ts';

const databaseUrl = process.env.DATABASE_URL ?? '';
const app = await createApp({
  config: readConfig(process.env),
  databaseUrl,
  role: 'all',
  log: createLogger({ level: 'warn' }),
});
const http = await app.openHttp();
http.post(
  '/internal/noop-heartbeat',
  {
    schema: { access: 'public', body: Heartbeat, response: { 202: HeartbeatReceipt } },
    config: { quiet: true },
  },
  (_request, reply) => {
    const now = Date.now();
    reply.code(202).send({
      accepted: true,
      duplicate: false,
      late: false,
      device_status: 'online',
      server_time: new Date(now).toISOString(),
      next_expected_at: new Date(now + 120_000).toISOString(),
    });
  },
);
http.get<{ Params: { uuid: string } }>(
  '/internal/noop-ping/:uuid',
  { schema: { access: 'public' }, config: { quiet: true } },
  (request, reply) => {
    const known = isId(request.params.uuid);
    reply
      .code(known ? 200 : 404)
      .headers({
        'access-control-allow-origin': '*',
        'ping-body-limit': '10000',
        'cache-control': 'no-store',
      })
      .type('text/plain; charset=utf-8')
      .send(known ? 'OK' : 'not found');
  },
);
await app.start();
const url = await http.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ url });
process.on('message', () => void app.stop().then(() => process.exit(0)));
