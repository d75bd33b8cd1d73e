import path from 'node:path';
import { builtin } from './builtin.ts';

const { readFileSync } = builtin('node:fs');

/** The sender, the server, and the folder for heartbeats that could not be sent. */
export interface AgentSettings {
  /** Base URL of the Watchkeeper server. */
  readonly url: URL;
  readonly token: string;
  /** The slugs of the organization, the site and the device, as the console shows them. */
  readonly tenant: string;
  readonly store: string;
  readonly device: string;
  /** undefined: follows from the server's limit. */
  readonly intervalMs: number | undefined;
  /** The folder of the queue and the sequence. Created if missing. */
  readonly dataDir: string;
  readonly appVersion: string | undefined;
}

export const intervalMsMin = 1_000;
export const intervalMsMax = 3_600_000;

/** All faults in the settings, each with what to do. */
export class SettingsError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`The settings cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

/** Read from `WATCHKEEPER_*`. Each may be read from a file that `..._FILE` names. @throws SettingsError */
export function readSettings(env: Readonly<Record<string, string | undefined>>): AgentSettings {
  const faults: string[] = [];

  function optional(name: string): string | undefined {
    const file = env[`${name}_FILE`];
    if (file === undefined || file === '') return env[name] === '' ? undefined : env[name];
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      faults.push(`${name}_FILE: cannot read ${file} (${error instanceof Error ? error.message : error})`);
      return undefined;
    }
  }
  function required(name: string, what: string): string {
    const text = optional(name);
    if (text === undefined) faults.push(`${name} is missing: ${what}`);
    return text ?? '';
  }

  const url = toUrl(
    required('WATCHKEEPER_URL', 'the address of the server, e.g. https://watch.example'),
    faults,
  );
  const token = required('WATCHKEEPER_TOKEN', 'the device token, shown once when the device is added');
  if (token !== '' && !/^\S{8,512}$/.test(token)) faults.push('WATCHKEEPER_TOKEN: one word without spaces');
  const tenant = required('WATCHKEEPER_TENANT', "the organization's slug");
  const store = required('WATCHKEEPER_STORE', "the site's slug");
  const device = required('WATCHKEEPER_DEVICE', "the device's slug");
  const intervalMs = toInterval(optional('WATCHKEEPER_INTERVAL'), faults);
  const dataDir = path.resolve(optional('WATCHKEEPER_DATA_DIR') ?? 'watchkeeper-agent');
  const appVersion = optional('WATCHKEEPER_APP_VERSION');
  if (faults.length > 0) throw new SettingsError(faults);
  return { url, token, tenant, store, device, intervalMs, dataDir, appVersion };
}

function toUrl(text: string, faults: string[]): URL {
  if (text === '') return new URL('http://missing.invalid');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  faults.push(`WATCHKEEPER_URL: "${text}" is not an http:// or https:// address`);
  return new URL('http://missing.invalid');
}

/** `30`, `30s`, `5m`. */
function toInterval(text: string | undefined, faults: string[]): number | undefined {
  if (text === undefined) return undefined;
  const [, figure = '', unit = 's'] = /^(\d+(?:\.\d+)?)(s|m)?$/.exec(text) ?? [];
  const ms = Number(figure) * (unit === 'm' ? 60_000 : 1_000);
  if (figure !== '' && ms >= intervalMsMin && ms <= intervalMsMax) return ms;
  faults.push(`WATCHKEEPER_INTERVAL: "${text}" is not a time between 1s and 60m, e.g. 30s`);
  return undefined;
}
