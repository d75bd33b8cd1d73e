import { createAgent, type Log } from './agent.ts';
import { builtin } from './builtin.ts';
import { readSettings, SettingsError } from './settings.ts';

const { readFileSync } = builtin('node:fs');
const { parseArgs } = builtin('node:util');

const usage = `watchkeeper-agent: heartbeats of this machine to a Watchkeeper server

  --url URL            https://watch.example                 WATCHKEEPER_URL
  --token-file FILE    the device token                      WATCHKEEPER_TOKEN_FILE, WATCHKEEPER_TOKEN
  --tenant SLUG        the organization                      WATCHKEEPER_TENANT
  --store SLUG         the site                              WATCHKEEPER_STORE
  --device SLUG        the device                            WATCHKEEPER_DEVICE
  --interval TIME      30s, 1m; default: as the server asks  WATCHKEEPER_INTERVAL
  --data-dir FOLDER    what waits while offline              WATCHKEEPER_DATA_DIR
  --app-version TEXT   what runs here                        WATCHKEEPER_APP_VERSION
  --once               one heartbeat, then exit: 0 accepted, 1 it waits on disk
  --help, --version

Options win over variables. Exit code 2: the settings cannot be used.`;

const flags = [
  'url',
  'token-file',
  'tenant',
  'store',
  'device',
  'interval',
  'data-dir',
  'app-version',
] as const;

const log: Log = (level, message) => process.stderr.write(`${level} ${message}\n`);

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof SettingsError || isUsage(error) ? 2 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries(flags.map((name) => [name, { type: 'string' as const }])),
      once: { type: 'boolean' },
      help: { type: 'boolean' },
      version: { type: 'boolean' },
    },
  });
  if (values.help === true) return say(usage);
  if (values.version === true) return say(ownVersion());
  const agent = createAgent(readSettings(mergedEnv(values)), { log });
  if (values.once === true) {
    await agent.beat();
    const { queued, lastFailure } = agent.state;
    await agent.stop();
    if (queued > 0) log('warn', `${queued} heartbeats wait on disk: ${lastFailure ?? 'not sent yet'}`);
    return queued > 0 ? 1 : 0;
  }
  agent.start();
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    // The loop's timers keep the process alive. This promise alone would not.
  });
  await agent.stop();
  return 0;
}

function mergedEnv(values: Readonly<Record<string, string | boolean | undefined>>) {
  const env = { ...process.env };
  for (const flag of flags) {
    const value = values[flag];
    if (typeof value === 'string') env[`WATCHKEEPER_${flag.replaceAll('-', '_').toUpperCase()}`] = value;
  }
  return env;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function ownVersion(): string {
  // Safe because the package's own package.json has a version.
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return own.version;
}

function isUsage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
