// The whole server in a process of its own, with one more route that validates a heartbeat and does nothing.
import { Heartbeat, HeartbeatReceipt } from '@watchkeeper/contracts/telemetry';
import { createApp } from '../../server/src/app.ts';
import { readConfig } from '../../server/src/config/config.ts';
import { createLogger } from '../../server/src/platform/log.ts';

const databaseUrl = process.env.DATABASE_URL ?? '';
const app = await createApp({
  config: readConfig(process.env),
  databaseUrl,
  role: 'all',
  log: createLogger({ level: 'warn' }),
});
app.http.post(
  '/internal/noop-heartbeat',
  { schema: { body: Heartbeat, response: { 202: HeartbeatReceipt } }, config: { quiet: true } },
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
await app.start();
const url = await app.http.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ url });
process.on('message', () => void app.stop().then(() => process.exit(0)));
