import { type Answer, type Place, type Request, type Simulator, startSimulator } from './simulator.ts';

export interface NetworkDevice {
  id: string;
  name: string;
  macAddress: string;
  state: string;
}

export interface NetworkClient {
  id: string;
  name: string;
  macAddress: string;
  type: 'WIRED' | 'WIRELESS';
  connectedAt: string;
  access?: { type: string };
}

export interface UnifiNetwork extends Simulator {
  readonly sites: { id: string; internalReference: string; name: string }[];
  readonly devices: NetworkDevice[];
  /** Connected clients. The real console lists no others. */
  readonly clients: NetworkClient[];
  /** Other items in the list of clients, of any shape. */
  readonly strange: unknown[];
  readonly settings: {
    pageSizeMax: number;
    /** Called after each page of clients, so that a test can remove a client between two pages. */
    afterPage: (() => void) | undefined;
  };
}

export const networkKey = 'sim-network-key';

/** The used part of the integration API of a UniFi console, with pages by offset. */
export async function startUnifiNetwork(place?: Place): Promise<UnifiNetwork> {
  const sites = [{ id: 'site-1', internalReference: 'default', name: 'Default' }];
  const devices: NetworkDevice[] = [];
  const clients: NetworkClient[] = [];
  const strange: unknown[] = [];
  const settings: UnifiNetwork['settings'] = { pageSizeMax: 200, afterPage: undefined };

  function page(request: Request, all: readonly unknown[]): Answer {
    const offset = Number(request.query.get('offset') ?? 0);
    const limit = Math.min(Number(request.query.get('limit') ?? 25), settings.pageSizeMax);
    const data = all.slice(offset, offset + limit);
    return { body: { offset, limit, count: data.length, totalCount: all.length, data } };
  }

  const simulator = await startSimulator((request) => {
    if (request.headers['x-api-key'] !== networkKey)
      return { status: 401, body: { statusCode: 401, statusName: 'UNAUTHORIZED', message: 'no' } };
    const path = request.path.replace('/proxy/network/integration/v1', '');
    if (path === '/sites') return page(request, sites);
    if (path === '/sites/site-1/devices') return page(request, devices);
    if (path !== '/sites/site-1/clients') return { status: 404, body: { statusCode: 404, message: 'no' } };
    const answer = page(request, [...clients, ...strange]);
    settings.afterPage?.();
    return answer;
  }, place);
  return Object.assign(simulator, { sites, devices, clients, strange, settings });
}
