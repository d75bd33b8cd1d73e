import type { FlipRow, KeptPing, PingCheck } from '#modules/checks';
import { type ApiVersion, isFiltered, tagsOf } from './change.ts';

/** For whom checks are shown. */
export interface Sight {
  readonly version: ApiVersion;
  readonly publicUrl: string;
  /** Only a caller that may change a check sees its addresses. */
  readonly secrets: boolean;
  /** Ids of the channels that are told about an alert. */
  readonly channels: string;
}

export function checkUrl({ publicUrl, version }: Sight, uuid: string): string {
  return `${publicUrl}/api/v${version}/checks/${uuid}`;
}

type Status = 'new' | 'up' | 'grace' | 'down' | 'paused' | 'started';

const statuses: Readonly<Record<PingCheck['phase'], Status>> = {
  new: 'new',
  up: 'up',
  late: 'grace',
  down: 'down',
  started: 'started',
  overrunning: 'down',
  paused: 'paused',
};

export function statusOf(check: PingCheck, version: ApiVersion): Status {
  return statuses[version === 1 ? check.phase : check.standing];
}

export function toShape(check: PingCheck, sight: Sight) {
  const { config } = check;
  const status = statusOf(check, sight.version);
  const isDue = check.standing === 'up' || check.standing === 'late';
  return {
    name: check.name,
    slug: check.slug,
    tags: tagsOf(check).join(' '),
    desc: config.description ?? '',
    grace: config.grace,
    n_pings: check.pings,
    status,
    started: check.phase === 'started' || check.phase === 'overrunning',
    last_ping: stamp(check.lastPingAt),
    next_ping: isDue ? stamp(check.expectedAt) : null,
    manual_resume: config.resume_on_ping !== true,
    methods: config.methods === 'POST' ? 'POST' : '',
    subject: '',
    subject_fail: '',
    start_kw: config.start_keywords ?? '',
    success_kw: config.success_keywords ?? '',
    failure_kw: config.failure_keywords ?? '',
    filter_subject: false,
    filter_body: false,
    filter_http_body: isFiltered(config),
    filter_default_fail: false,
    badge_url: null,
    ...(check.lastDurationMs === null ? {} : { last_duration: Math.floor(check.lastDurationMs / 1_000) }),
    ...addresses(check, sight),
    ...(config.cron === undefined
      ? { timeout: config.period ?? 86_400 }
      : { schedule: config.cron, tz: config.timezone }),
  };
}

function addresses(check: PingCheck, sight: Sight) {
  if (!sight.secrets) return { unique_key: check.uniqueKey };
  const url = checkUrl(sight, check.uuid);
  return {
    ...(sight.version === 3 ? { uuid: check.uuid } : {}),
    ping_url: `${sight.publicUrl}/ping/${check.uuid}`,
    update_url: url,
    pause_url: `${url}/pause`,
    resume_url: `${url}/resume`,
    channels: sight.channels,
  };
}

/** An exit status other than 0 is a failure; its number is given as well. */
export function toPing(ping: KeptPing, check: PingCheck, sight: Sight) {
  return {
    type: ping.kind === 'ignored' ? 'ign' : ping.kind,
    date: fullStamp(new Date(ping.at)),
    n: ping.n,
    scheme: sight.publicUrl.startsWith('https:') ? 'https' : 'http',
    remote_addr: ping.remote_address,
    method: ping.method,
    ua: ping.user_agent,
    rid: ping.rid,
    ...(ping.exit_status === null ? {} : { exitstatus: ping.exit_status }),
    ...(ping.duration_ms === null ? {} : { duration: ping.duration_ms / 1_000 }),
    body_url: ping.body_bytes === 0 ? null : `${checkUrl(sight, check.uuid)}/pings/${ping.n}/body`,
  };
}

export function toFlip({ at, status }: FlipRow) {
  return { timestamp: stamp(at) ?? '', up: status === 'up' ? 1 : 0 };
}

/** In the format that Python writes. */
function fullStamp(at: Date): string {
  return at.toISOString().replace(/(\.\d{3})Z$/, '$1000+00:00');
}

function stamp(at: Date | null): string | null {
  return at === null ? null : `${at.toISOString().slice(0, 19)}+00:00`;
}
