import { createApp } from '../../server/src/app.ts';
import { readConfig } from '../../server/src/config/config.ts';
import { migrateUp, openOwner } from '../../server/src/platform/db/migrate.ts';
import { dumpSchema } from '../../server/src/platform/db/schema-dump.ts';
import { createLogger } from '../../server/src/platform/log.ts';

/** The generated documents of this source tree, made with an empty database at `databaseUrl`. */
export async function derive(
  databaseUrl: string,
  dataDir: string,
): Promise<{ openapi: string; schema: string }> {
  await migrateUp(databaseUrl);
  const owner = openOwner(databaseUrl);
  const schema = await dumpSchema(owner);
  await owner.destroy();
  const app = await createApp({
    config: readConfig({ DATA_DIR: dataDir, PUBLIC_URL: 'http://localhost:4000' }),
    databaseUrl,
    role: 'api',
    log: createLogger({ level: 'silent' }),
  });
  const http = await app.openHttp();
  await http.ready();
  const openapi = `${JSON.stringify(http.swagger(), null, 2)}\n`;
  await app.stop();
  return { openapi, schema };
}
