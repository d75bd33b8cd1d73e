import { type Answer, type Place, type Request, type Simulator, startSimulator } from './simulator.ts';

/** A device in the format of NinjaOne's API. Times are seconds with a fraction. */
export interface NinjaDevice {
  id: number;
  offline: boolean;
  displayName: string;
  systemName?: string;
  dnsName?: string;
  macAddresses?: string[];
  lastContact?: number;
  organizationId?: number;
  approvalStatus?: string;
  nodeClass?: string;
  maintenance?: { status: string } | null;
  /** Part of the health report. */
  parentOffline?: boolean;
}

export interface NinjaOne extends Simulator {
  readonly devices: NinjaDevice[];
  readonly activities: { id: number; activityTime: number; deviceId: number; statusCode: string }[];
  /** `pageSizeMax`: the largest page that it returns, even if a larger one is requested. */
  readonly settings: { pageSizeMax: number };
  /** From now on, all current tokens are refused. */
  expireTokens(): void;
  /** How many tokens it has issued. */
  minted(): number;
}

export const ninjaCredentials = { client_id: 'sim-client', client_secret: 'sim-secret' };
const tokenSeconds = 3_600;

/** The used part of NinjaOne's public API v2: the token, and three ways of paging. */
export async function startNinjaOne(place?: Place): Promise<NinjaOne> {
  const devices: NinjaDevice[] = [];
  const activities: NinjaOne['activities'] = [];
  const tokens = new Set<string>();
  const cursors = new Map<string, number>();
  let minted = 0;
  let opened = 0;
  const settings = { pageSizeMax: 200 };

  function token(request: Request): Answer {
    const form = new URLSearchParams(request.body);
    const known =
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === ninjaCredentials.client_id &&
      form.get('client_secret') === ninjaCredentials.client_secret;
    if (!known) return { status: 400, body: { error: 'invalid_client' } };
    minted += 1;
    const value = `sim-token-${minted}`;
    tokens.add(value);
    const scope = form.get('scope') ?? '';
    return {
      body: { access_token: value, token_type: 'Bearer', expires_in: tokenSeconds, scope },
    };
  }

  const sizeOf = (request: Request) =>
    Math.min(Number(request.query.get('pageSize') ?? 50), settings.pageSizeMax);

  function listed(request: Request): NinjaDevice[] {
    const filter = /^org = (\d+)$/.exec(request.query.get('df') ?? '')?.[1];
    const own = devices.filter((one) => filter === undefined || one.organizationId === Number(filter));
    return own.toSorted((one, other) => one.id - other.id);
  }

  function devicePage(request: Request): Answer {
    const after = Number(request.query.get('after') ?? 0);
    const page = listed(request).filter((device) => device.id > after);
    return { body: page.slice(0, sizeOf(request)).map(({ parentOffline: _health, ...device }) => device) };
  }

  function healthPage(request: Request): Answer {
    const name = request.query.get('cursor') ?? `cursor-${++opened}`;
    const offset = cursors.get(name) ?? 0;
    const page = listed(request).slice(offset, offset + sizeOf(request));
    if (page.length === 0) cursors.delete(name);
    else cursors.set(name, offset + page.length);
    return {
      body: {
        cursor: { name, offset: offset + page.length, count: page.length, expires: 0 },
        results: page.map((device) => ({
          deviceId: device.id,
          healthStatus: device.offline ? 'UNKNOWN' : 'HEALTHY',
          offline: device.offline,
          parentOffline: device.parentOffline ?? false,
          alertCount: 0,
        })),
      },
    };
  }

  function activityPage(request: Request): Answer {
    const bound = (name: string, otherwise: number) => Number(request.query.get(name) ?? otherwise);
    const page = activities
      .filter(({ id }) => id > bound('newerThan', 0) && id < bound('olderThan', Number.POSITIVE_INFINITY))
      .toSorted((one, other) => other.id - one.id)
      .slice(0, sizeOf(request));
    return { body: { lastActivityId: page.at(-1)?.id ?? null, activities: page } };
  }

  const simulator = await startSimulator((request) => {
    const path = request.path.replace(/^\/api/, '');
    if (/^(\/ws)?\/oauth\/token$/.test(path) && request.method === 'POST') return token(request);
    if (!tokens.has(request.headers.authorization?.replace('Bearer ', '') ?? ''))
      return { status: 401, body: { error: 'invalid_token' } };
    if (path === '/v2/devices' || path === '/v2/devices-detailed') return devicePage(request);
    if (path === '/v2/queries/device-health') return healthPage(request);
    if (path === '/v2/activities') return activityPage(request);
    return { status: 404, body: {} };
  }, place);
  return Object.assign(simulator, {
    devices,
    activities,
    settings,
    expireTokens: () => tokens.clear(),
    minted: () => minted,
  });
}
