import { type Answer, type Place, type Request, type Simulator, startSimulator } from './simulator.ts';

export interface AccessDoor {
  id: string;
  name: string;
  door_lock_relay_status: 'lock' | 'unlock';
  /** null: the door has no sensor. */
  door_position_status: 'open' | 'close' | null;
}

export interface AccessHub {
  id: string;
  name: string;
  alias?: string;
  type: string;
  location_id: string;
  is_online: boolean;
}

/** One opened or refused entry; `at` is in milliseconds since the epoch. */
export interface AccessEvent {
  door: string;
  at: number;
  result: 'ACCESS' | 'BLOCKED';
  credential: string;
  actor: string;
}

export interface UnifiAccess extends Simulator {
  readonly doors: AccessDoor[];
  readonly hubs: AccessHub[];
  readonly events: AccessEvent[];
  /** Answers every call with this code and status 200, as the real one does for many errors. */
  readonly settings: { code: string };
}

export const accessToken = 'sim-access-token';

/** The used part of the developer API of a UniFi Access console. */
export async function startUnifiAccess(place?: Place): Promise<UnifiAccess> {
  const doors: AccessDoor[] = [];
  const hubs: AccessHub[] = [];
  const events: AccessEvent[] = [];
  const settings = { code: 'SUCCESS' };

  function logs(request: Request): Answer['body'] {
    const { topic, since, until }: { topic: string; since: number; until: number } = JSON.parse(request.body);
    const [page, size] = [
      Number(request.query.get('page_num') ?? 1),
      Number(request.query.get('page_size') ?? 25),
    ];
    const found = events
      .filter(({ at }) => topic === 'door_openings' && at >= since * 1_000 && at <= until * 1_000)
      .toSorted((one, other) => other.at - one.at);
    const hits = found.slice((page - 1) * size, page * size).map((event, index) => ({
      '@timestamp': new Date(event.at).toISOString(),
      _id: `log-${event.at}-${index}`,
      _source: {
        actor: { id: 'user-22', display_name: event.actor, type: 'user' },
        event: { type: 'access.door.unlock', result: event.result, published: event.at },
        authentication: { credential_provider: event.credential },
        target: [
          { type: 'door', id: event.door },
          { type: 'building', id: 'building-1' },
        ],
      },
      tag: 'access',
    }));
    return { page, total: found.length, hits };
  }

  const simulator = await startSimulator((request) => {
    if (request.headers.authorization !== `Bearer ${accessToken}`)
      return { status: 401, body: { code: 'CODE_ACCESS_TOKEN_INVALID', msg: 'invalid', data: null } };
    if (settings.code !== 'SUCCESS') return { body: { code: settings.code, msg: 'no' } };
    const call = `${request.method} ${request.path.replace('/api/v1/developer', '')}`;
    const byDoor = [...Map.groupBy(hubs, (hub) => hub.location_id).values()];
    const known: Record<string, () => unknown> = {
      'GET /doors': () =>
        doors.map((door) => ({ ...door, full_name: `UNVR - 1F - ${door.name}`, type: 'door' })),
      'GET /devices': () => byDoor,
      'POST /system/logs': () => logs(request),
    };
    const data = known[call]?.();
    if (data === undefined) return { status: 404, body: { code: 'CODE_NOT_EXISTS', msg: 'no' } };
    return { body: { code: 'SUCCESS', msg: 'success', data } };
  }, place);
  return Object.assign(simulator, { doors, hubs, events, settings });
}
