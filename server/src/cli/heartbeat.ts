import type { Command } from 'commander';
import { CliError, exitCodes } from './exit.ts';
import { print } from './output.ts';
import { callServer, type RemoteOptions, withServer } from './remote.ts';

interface SendOptions extends RemoteOptions {
  device: string;
  site?: string;
  token?: string;
  status: string;
  metric: string[];
}

export function define(heartbeat: Command): void {
  withServer(heartbeat.command('send'))
    .description('send one heartbeat')
    .requiredOption('--device <slug>')
    .option('--site <slug>', 'the slug of its site; without it, the server is asked')
    .option(
      '--token <token>',
      "the device's token; without it the API key is used",
      process.env.WATCHKEEPER_DEVICE_TOKEN,
    )
    .option('--status <word>', 'the status that the device reports', 'online')
    .option('--metric <name=value>', 'a number, e.g. cpu_usage=41.5 (repeatable)', collect, [])
    .action(async (options: SendOptions, command: Command) => {
      const body = {
        device_id: options.device,
        ...(await placeOf(options)),
        status: options.status,
        ...numbers(options.metric),
      };
      const receipt = await callServer(options, 'POST', '/heartbeat', body, options.token);
      print(
        command,
        receipt,
        [`Heartbeat of ${options.device} accepted.`, ...warningsIn(receipt)].join('\n'),
      );
    });
}

/** The fields that the server ignored, and the device that it counted the heartbeat for if that is another one. */
function warningsIn(receipt: unknown): string[] {
  if (typeof receipt !== 'object' || receipt === null || !('warnings' in receipt)) return [];
  return Array.isArray(receipt.warnings) ? receipt.warnings.map((warning) => `Note: ${warning}`) : [];
}

/** A heartbeat names its site and organization. For a known device, the server knows both. */
async function placeOf(options: SendOptions): Promise<{ store_id: string; tenant_id: string }> {
  if (options.site !== undefined) return { store_id: options.site, tenant_id: options.org };
  // A device's token identifies its organization. A key, or open mode, may reach several.
  const query = options.token === undefined ? `?tenant_id=${encodeURIComponent(options.org)}` : '';
  const path = `/heartbeat/${encodeURIComponent(options.device)}/status${query}`;
  // Safe because the server's OpenAPI document describes this answer.
  const state = (await callServer(options, 'GET', path, undefined, options.token)) as {
    store_id: string;
    tenant_id: string;
  };
  return { store_id: state.store_id, tenant_id: state.tenant_id };
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

const ownFields = [
  'error_rate_5m',
  'request_latency_p95',
  'sync_lag_sec',
  'memory_usage',
  'cpu_usage',
  'disk_usage',
  'sequence',
];

function numbers(pairs: readonly string[]): Record<string, unknown> {
  const fields: Record<string, number> = {};
  const metrics: Record<string, number> = {};
  for (const pair of pairs) {
    const [name = '', text = ''] = pair.split('=');
    const value = Number(text);
    if (name === '' || text === '' || !Number.isFinite(value))
      throw new CliError(`--metric ${pair}: write name=number.`, exitCodes.usage);
    (ownFields.includes(name) ? fields : metrics)[name] = value;
  }
  return { ...fields, ...(Object.keys(metrics).length === 0 ? {} : { metrics }) };
}
