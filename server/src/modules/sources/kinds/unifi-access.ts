import Type, { type Static, type TSchema } from 'typebox';
import { caField, secretField, skipVerifyField } from '#platform/kinds/fields';
import { callJson, checked, SourceFault } from '../call.ts';
import { fieldOf, ItemList } from '../item-list.ts';
import {
  clean,
  defineSourceKind,
  hostOfUrl,
  macOf,
  mistakesInUrl,
  notAfter,
  objectsMax,
  type ReadDeps,
} from '../kind.ts';
import { readPages } from '../pages.ts';
import type { SourceObject } from '../reading.ts';

const logPageSize = 100;
const logPagesMax = 10;
/** The first reading, or one after a long gap, looks back no further than this. */
const logSecondsMax = 3_600;
/** Each reading starts this long before the end of the last one, because entries are written with a delay. */
const logOverlapSeconds = 30;

const schema = Type.Object(
  {
    base_url: Type.String({
      title: 'Address of the console',
      address: true,
      description: 'Usually on port 12445. A private address must be allowed by OUTBOUND_ALLOW.',
      pattern: '^https?://[^/?#]+/?$',
      patternHelp: 'an address without a path, e.g. https://192.0.2.10:12445',
      maxLength: 300,
      examples: ['https://192.0.2.10:12445'],
    }),
    token: secretField('API token'),
    ca: caField,
    skip_verify: skipVerifyField,
  },
  { additionalProperties: false },
);
type Config = Static<typeof schema>;

const Envelope = Type.Object({ code: Type.String(), data: Type.Optional(Type.Unknown()) });
const Door = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  name: Type.Optional(Type.Unknown()),
  full_name: Type.Optional(Type.Unknown()),
  door_lock_relay_status: Type.Optional(Type.Unknown()),
  door_position_status: Type.Optional(Type.Unknown()),
});
type Door = Static<typeof Door>;
const Hub = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  name: Type.Optional(Type.Unknown()),
  alias: Type.Optional(Type.Unknown()),
  type: Type.Optional(Type.Unknown()),
  location_id: Type.Optional(Type.Unknown()),
  is_online: Type.Optional(Type.Unknown()),
});
type Hub = Static<typeof Hub>;
const List = Type.Array(Type.Unknown());
const Logs = Type.Object({ hits: Type.Optional(Type.Union([List, Type.Null()])) });
const LogHit = Type.Object({
  _source: Type.Object({
    event: Type.Object({
      type: Type.Optional(Type.Unknown()),
      result: Type.Optional(Type.Unknown()),
      published: Type.Optional(Type.Unknown()),
    }),
    authentication: Type.Optional(Type.Unknown()),
    target: Type.Optional(Type.Unknown()),
  }),
});
type Hit = Static<typeof LogHit>['_source'];

/** Who came through a door is not recorded: only when, whether it opened, and with which kind of credential. */
interface DoorEvent {
  readonly at: string;
  readonly what: string;
  readonly result: string;
  readonly credential: string | null;
}

export const unifiAccess = defineSourceKind({
  kind: 'unifi_access',
  label: 'UniFi Access (doors)',
  help: 'Reads the doors of a UniFi Access console, their hubs, and when a door was opened with which kind of credential. It never unlocks a door and keeps no names of people.',
  reads: 'devices',
  item: {
    label: 'Door or hub in UniFi Access',
    help: 'Judges one door, or its hub, by the last word of UniFi Access. Its word counts for five minutes; after that the door is unknown, never offline.',
    witness: 'access',
    example: { source: 'doors', ref: '5785e97b-0000-4000-8000-00000000aaaa' },
  },
  schema,
  secrets: ['token'],
  fixture: { base_url: 'https://192.0.2.10:12445', token: 'Kq7vTzR2mN', skip_verify: false },
  check: (config) => [
    ...(config.token === undefined ? [{ field: 'token', message: 'is required' }] : []),
    ...mistakesInUrl('base_url', config.base_url),
  ],
  target: (config) => new URL(config.base_url).host,
  hosts: (config) => [hostOfUrl('base_url', config.base_url)],
  async read(config, deps) {
    const doorList = new ItemList('/doors', Door);
    const doors = doorList.add(await ask(config, deps, { path: '/doors' }, List));
    doorList.requireAny();
    const { hubs, warnings: hubWarnings } = await readHubs(config, deps);
    if (doors.length + hubs.length > objectsMax)
      throw new SourceFault(`It lists more than ${objectsMax} doors and devices.`);
    const { events, until, warnings: logWarnings } = await readLogs(config, deps);
    return {
      objects: [
        ...doors.map((door) => doorObject(door, hubs, events.get(door.id))),
        ...hubs.map((hub) => hubObject(hub, events.get(hub.id))),
      ],
      complete: true,
      warnings: [...doorList.warnings(), ...hubWarnings, ...logWarnings],
      bookmark: { until },
    };
  },
});

/** The hubs are listed grouped by door. */
async function readHubs(config: Config, deps: ReadDeps): Promise<{ hubs: Hub[]; warnings: string[] }> {
  const path = '/devices';
  const groups = new ItemList(path, List);
  const hubs = new ItemList(path, Hub);
  const found = groups
    .add(await ask(config, deps, { path: `${path}?refresh=true` }, List))
    .flatMap((group) => hubs.add(group));
  groups.requireAny();
  return { hubs: found, warnings: [...groups.warnings(), ...hubs.warnings()] };
}

interface Ask {
  readonly path: string;
  readonly body?: object;
}

/** Every answer is wrapped in an envelope. An error may come with status 200. */
async function ask<S extends TSchema>(
  config: Config,
  deps: ReadDeps,
  { path, body }: Ask,
  shape: S,
): Promise<Static<S>> {
  const url = `${config.base_url.replace(/\/$/, '')}/api/v1/developer${path}`;
  const envelope = await callJson(
    deps,
    {
      url,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${config.token ?? ''}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ca: config.ca,
      skipVerify: config.skip_verify,
    },
    Envelope,
  );
  if (envelope.code !== 'SUCCESS') throw refusal(envelope.code, path);
  return checked(shape, envelope.data, path);
}

function refusal(code: string, path: string): SourceFault {
  const [where] = path.split('?');
  const known: Readonly<Record<string, string>> = {
    CODE_ACCESS_TOKEN_INVALID: 'does not accept the token',
    CODE_AUTH_FAILED: 'does not accept the token',
    CODE_UNAUTHORIZED: 'does not allow this token to read it',
    CODE_OPERATION_FORBIDDEN: 'does not allow this token to read it',
  };
  return new SourceFault(`${where} ${known[code] ?? 'answered an error'} (${clean(code, 80)}).`);
}

/** Opened and refused events, per door and hub. Read page by page; the page number is in the query. */
async function readLogs(
  config: Config,
  deps: ReadDeps,
): Promise<{ events: Map<string, DoorEvent>; until: number; warnings: string[] }> {
  const now = Math.floor(deps.now() / 1_000);
  const seen = typeof deps.bookmark.until === 'number' ? deps.bookmark.until - logOverlapSeconds : 0;
  const since = Math.max(seen, now - logSecondsMax);
  const events = new Map<string, DoorEvent>();
  const entries = new ItemList('/system/logs', LogHit);
  await readPages(1, logPagesMax, async (page) => {
    const body = { topic: 'door_openings', since, until: now };
    const path = `/system/logs?page_num=${page}&page_size=${logPageSize}`;
    const hits = (await ask(config, deps, { path, body }, Logs)).hits ?? [];
    for (const { _source: hit } of entries.add(hits)) noteEvent(events, hit, deps.now());
    return hits.length < logPageSize ? undefined : page + 1;
  });
  return { events, until: now, warnings: entries.warnings() };
}

function noteEvent(events: Map<string, DoorEvent>, hit: Hit, now: number): void {
  const { published, type, result } = hit.event;
  const at = notAfter(typeof published === 'number' ? published : undefined, now)?.toISOString();
  if (at === undefined) return;
  const credential = clean(fieldOf(hit.authentication, 'credential_provider'), 40);
  const event = {
    at,
    what: clean(type, 80),
    result: clean(result, 40),
    credential: credential === '' ? null : credential,
  };
  for (const target of Array.isArray(hit.target) ? hit.target : []) {
    const id = fieldOf(target, 'id');
    if (typeof id !== 'string') continue;
    const last = events.get(id);
    if (last === undefined || last.at < at) events.set(id, event);
  }
}

/** A door's state is that of its hubs. Of a door, the console only says whether it is locked. */
function doorObject(door: Door, hubs: readonly Hub[], event: DoorEvent | undefined): SourceObject {
  const own = hubs.filter((hub) => hub.location_id === door.id && typeof hub.is_online === 'boolean');
  const offline = own.filter((hub) => hub.is_online === false);
  const known = own.length > 0;
  return {
    externalId: door.id,
    name: clean(door.full_name) || clean(door.name) || door.id,
    state: !known ? 'unknown' : offline.length === own.length ? 'offline' : 'online',
    ...(known ? {} : { reason: 'No hub of this door says whether it is online.' }),
    whenAbsent: 'missing',
    details: {
      kind: 'door',
      lock: clean(door.door_lock_relay_status, 20) || null,
      // null: the door has no sensor.
      position: clean(door.door_position_status, 20) || null,
      hubs: own.length,
      hubs_offline: offline.map((hub) => clean(hub.alias) || clean(hub.name) || hub.id).slice(0, 16),
      ...(event === undefined ? {} : { last_event: event }),
    },
  };
}

function hubObject(hub: Hub, event: DoorEvent | undefined): SourceObject {
  const mac = macOf(hub.id);
  const known = typeof hub.is_online === 'boolean';
  return {
    externalId: hub.id,
    name: clean(hub.alias) || clean(hub.name) || hub.id,
    macs: mac === undefined ? [] : [mac],
    state: !known ? 'unknown' : hub.is_online === true ? 'online' : 'offline',
    ...(known ? {} : { reason: 'The console does not say whether it is online.' }),
    whenAbsent: 'missing',
    details: {
      kind: 'hub',
      type: clean(hub.type, 60),
      door: typeof hub.location_id === 'string' ? clean(hub.location_id) : null,
      ...(event === undefined ? {} : { last_event: event }),
    },
  };
}
