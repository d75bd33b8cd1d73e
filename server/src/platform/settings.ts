import { sql } from 'kysely';
import {
  type Config,
  type MonitoringName,
  type MonitoringValues,
  monitoringNames,
  withSettings,
} from '#config';
import type { Database, Tx } from './db/database.ts';
import type { Live } from './live.ts';
import type { Logger } from './log.ts';

/** The live topic that says "read the settings again". */
export const settingsTopic = 'settings';

export interface StoredSetting {
  readonly name: MonitoringName;
  /** null: use the value of the environment again. */
  readonly value: number | null;
  readonly version: number;
  readonly set_at: Date;
  readonly set_by: string;
}

/** Monitoring settings that were changed at run time. Every process reads them at start and after each change. */
export interface Settings {
  /** The values from the environment, else the defaults. */
  readonly base: Config;
  /** The same with all changes at run time; always current. */
  readonly config: Config;
  reload(): Promise<void>;
  /** @returns a function that removes the listener. */
  onChange(listener: () => void): () => void;
}

export function createSettings(base: Config, db: Pick<Database, 'system'>, log: Logger): Settings {
  let current = base;
  const listeners = new Set<() => void>();
  const config = alwaysCurrent(base, () => current);
  return {
    base,
    config,
    async reload() {
      const stored = await db.system(readStoredSettings);
      const next = withSettings(base, valuesOf(stored));
      if (JSON.stringify(next) === JSON.stringify(current)) return;
      current = next;
      for (const listener of listeners) {
        try {
          listener();
        } catch (error) {
          log.error({ err: error }, 'a listener to settings failed');
        }
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Follows changes by other processes, and reads again on `resync`, because a change may have been missed. */
export function followSettings(settings: Settings, live: Pick<Live, 'subscribe'>, log: Logger): () => void {
  return live.subscribe(null, ({ topic }) => {
    if (topic !== settingsTopic && topic !== 'resync') return;
    settings
      .reload()
      .catch((error: unknown) => log.warn({ err: error }, 'the settings could not be read again'));
  });
}

/** An object with the same fields. Each access reads the field from `read()`. */
function alwaysCurrent(base: Config, read: () => Config): Config {
  const properties = Object.keys(base).map((name) => [
    name,
    { enumerable: true, get: () => Reflect.get(read(), name) },
  ]);
  // Safe because every field of Config is defined, with a getter of the same type.
  return Object.defineProperties({}, Object.fromEntries(properties)) as Config;
}

function valuesOf(stored: readonly StoredSetting[]): MonitoringValues {
  return Object.fromEntries(stored.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])));
}

/** Only settings that this release knows. */
export async function readStoredSettings(tx: Tx): Promise<StoredSetting[]> {
  const { rows } = await sql<StoredSetting>`
    select name, value, version, set_at, set_by from monitoring_settings where name = any(${monitoringNames})
    order by name`.execute(tx);
  return rows;
}

export async function storeSetting(
  tx: Tx,
  setting: { name: MonitoringName; value: number | null; at: Date; by: string },
): Promise<void> {
  await sql`
    insert into monitoring_settings as s (name, value, set_at, set_by)
    values (${setting.name}, ${setting.value}, ${setting.at}, ${setting.by})
    on conflict (name) do update set value = excluded.value, set_at = excluded.set_at, set_by = excluded.set_by,
      version = s.version + 1`.execute(tx);
}

/** One change at a time, so that each change starts from the result of the one before. */
export async function lockSettings(tx: Tx): Promise<void> {
  await sql`lock table monitoring_settings in share row exclusive mode`.execute(tx);
}
