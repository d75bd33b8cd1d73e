import Type, { type Static } from 'typebox';
import { secretField } from '#platform/kinds/fields';
import { type Call, callJson, SourceFault } from '../call.ts';
import { fieldOf, ItemList } from '../item-list.ts';
import { defineSourceKind, hostOfUrl, mistakesInUrl, objectsMax, type ReadDeps } from '../kind.ts';
import { readAllPages, readPages } from '../pages.ts';
import type { SourceObject } from '../reading.ts';
import { Activity, Device, HealthRow, oddObject, toObject } from './ninjaone/objects.ts';

/** A tenant lives in one region. NinjaOne does not route between regions. */
const hosts = {
  us: 'app.ninjarmm.com',
  us2: 'us2.ninjarmm.com',
  eu: 'eu.ninjarmm.com',
  ca: 'ca.ninjarmm.com',
  oc: 'oc.ninjarmm.com',
  fed: 'fed.ninjarmm.com',
} as const;

const pageSize = 200;
const pagesMax = 250;
const activityPagesMax = 5;
/** Used when the answer does not say. */
const tokenSecondsDefault = 3_600;

const schema = Type.Object(
  {
    region: Type.Enum(['us', 'us2', 'eu', 'ca', 'oc', 'fed'], {
      title: 'Region',
      address: true,
      default: 'us',
      labels: {
        us: 'United States',
        us2: 'United States 2',
        eu: 'Europe',
        ca: 'Canada',
        oc: 'Oceania',
        fed: 'United States, federal',
      },
    }),
    base_url: Type.Optional(
      Type.String({
        title: 'Address',
        address: true,
        description: 'Used instead of the region, for a branded host.',
        advanced: true,
        pattern: '^https?://[^/?#]+/?$',
        patternHelp: 'an address without a path, e.g. https://rmm.example.com',
        maxLength: 300,
      }),
    ),
    client_id: Type.String({ title: 'Client id', minLength: 1, maxLength: 300 }),
    client_secret: secretField('Client secret'),
    organization_id: Type.Optional(
      Type.Integer({ title: 'NinjaOne organization', description: 'Empty: all of them.', minimum: 1 }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof schema>;

const TokenAnswer = Type.Object({
  access_token: Type.String({ minLength: 1, maxLength: 20_000 }),
  expires_in: Type.Optional(Type.Unknown()),
});
const List = Type.Array(Type.Unknown());
const Health = Type.Object({ cursor: Type.Optional(Type.Unknown()), results: List });
const Activities = Type.Object({ activities: List });

export const ninjaone = defineSourceKind({
  kind: 'ninjaone',
  label: 'NinjaOne (RMM)',
  help: 'Reads the devices of NinjaOne, their health and their events, as an API client with the scope "monitoring". It never changes anything there.',
  reads: 'devices',
  item: {
    label: 'Device in NinjaOne',
    help: 'Judges one device by the last word of NinjaOne. Its word counts for five minutes; after that the device is unknown, never offline.',
    witness: 'rmm',
    example: { source: 'rmm', ref: '4101' },
  },
  schema,
  secrets: ['client_secret'],
  fixture: { region: 'eu', client_id: 'Zr2qPv8LkT', client_secret: 'wJ6mXd3nRb', organization_id: 12 },
  check: (config) => [
    ...(config.client_secret === undefined ? [{ field: 'client_secret', message: 'is required' }] : []),
    ...mistakesInUrl('base_url', baseOf(config)),
  ],
  target: (config) => new URL(baseOf(config)).host,
  hosts: (config) => [hostOfUrl('base_url', baseOf(config))],
  async read(config, deps) {
    const devices = await readDevices(config, deps);
    const health = await readHealth(config, deps);
    const activities = await readActivities(config, deps);
    const latest = new Map<number, Activity>();
    // Newest first: the first activity of a device is its latest.
    for (const activity of activities.found)
      if (typeof activity.deviceId === 'number' && !latest.has(activity.deviceId))
        latest.set(activity.deviceId, activity);
    const objects = devices.found.map((device) =>
      toObject(device, health.found.get(device.id), latest.get(device.id), deps.now()),
    );
    return {
      objects: [...objects.filter((object) => object !== undefined), ...devices.odd],
      complete: true,
      warnings: [...devices.warnings, ...health.warnings, ...activities.warnings],
      bookmark: { activity: activities.newest },
    };
  },
});

function baseOf(config: Config): string {
  return config.base_url?.replace(/\/$/, '') ?? `https://${hosts[config.region]}`;
}

async function mint(config: Config, deps: ReadDeps) {
  deps.log('asking for a token');
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: config.client_id,
    client_secret: config.client_secret ?? '',
    scope: 'monitoring',
  });
  const call: Call = {
    method: 'POST',
    url: `${baseOf(config)}/ws/oauth/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  };
  const answer = await callJson(deps, call, TokenAnswer).catch((error: unknown) => {
    if (error instanceof SourceFault && (error.status === 400 || error.status === 401))
      throw new SourceFault('It does not accept the client id and secret.');
    throw error;
  });
  const said = Number(answer.expires_in ?? Number.NaN);
  const seconds = said >= 0 ? said : tokenSecondsDefault;
  return { value: answer.access_token, expiresAt: deps.now() + seconds * 1_000 };
}

/** A token may be revoked before its time: after one refusal, get a new token and try again. */
async function get<S extends Parameters<typeof callJson>[2]>(
  config: Config,
  deps: ReadDeps,
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
  shape: S,
): Promise<Static<S>> {
  const filled = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const url = `${baseOf(config)}${path}?${new URLSearchParams(filled)}`;
  const ask = async (token: string) =>
    await callJson(deps, { url, headers: { authorization: `Bearer ${token}` } }, shape);
  const token = await deps.tokens.get(() => mint(config, deps));
  try {
    return await ask(token);
  } catch (error) {
    if (!(error instanceof SourceFault) || error.status !== 401) throw error;
    deps.log('the token was refused');
    deps.tokens.drop(token);
    return await ask(await deps.tokens.get(() => mint(config, deps)));
  }
}

function filterOf(config: Config): string | undefined {
  return config.organization_id === undefined ? undefined : `org = ${config.organization_id}`;
}

/** Reads pages after the last id. Only an empty page is the end, because a page may be short before the end. */
async function readDevices(
  config: Config,
  deps: ReadDeps,
): Promise<{ found: Device[]; odd: SourceObject[]; warnings: string[] }> {
  const path = '/v2/devices-detailed';
  const items = new ItemList(path, Device);
  const found: Device[] = [];
  await readAllPages<number | undefined>('Its list of devices', undefined, pagesMax, async (after) => {
    const query = { df: filterOf(config), pageSize, after };
    const devices = await get(config, deps, path, query, List);
    found.push(...items.add(devices));
    if (devices.length === 0) return undefined;
    if (found.length > objectsMax)
      throw new SourceFault(`It lists more than ${objectsMax} devices; name one organization.`);
    const last = devices.map((device) => fieldOf(device, 'id')).findLast(Number.isInteger);
    if (typeof last === 'number' && (after === undefined || last > after)) return last;
    items.requireAny();
    return after;
  });
  items.requireAny();
  return { found, odd: items.odd.flatMap(({ value }) => oddObject(value) ?? []), warnings: items.warnings() };
}

/** Reads pages with the help of a named cursor. */
async function readHealth(
  config: Config,
  deps: ReadDeps,
): Promise<{ found: Map<number, HealthRow>; warnings: string[] }> {
  const path = '/v2/queries/device-health';
  const items = new ItemList(path, HealthRow);
  const found = new Map<number, HealthRow>();
  // NinjaOne counts the pages itself: the name of the cursor is the same for all of them, so each is a new object.
  const first: { name?: string } = {};
  await readAllPages('Its health report', first, pagesMax, async ({ name: cursor }) => {
    const query = { df: filterOf(config), pageSize, cursor };
    const health = await get(config, deps, path, query, Health);
    for (const row of items.add(health.results)) found.set(row.deviceId, row);
    const next = fieldOf(health.cursor, 'name');
    return health.results.length === 0 || typeof next !== 'string' ? undefined : { name: next };
  });
  return { found, warnings: items.warnings() };
}

/** Newest first, back to the last reading. After a long outage, only a limited number of pages is read. */
async function readActivities(
  config: Config,
  deps: ReadDeps,
): Promise<{ found: Activity[]; newest: number | null; warnings: string[] }> {
  const seen = typeof deps.bookmark.activity === 'number' ? deps.bookmark.activity : null;
  const items = new ItemList('/v2/activities', Activity);
  const found: Activity[] = [];
  const activityPages = seen === null ? 1 : activityPagesMax;
  await readPages<number | undefined>(undefined, activityPages, async (olderThan) => {
    const query = { df: filterOf(config), pageSize, newerThan: seen ?? undefined, olderThan };
    const answer = await get(config, deps, '/v2/activities', query, Activities);
    const activities = items.add(answer.activities);
    // NinjaOne's descriptions of the two bounds are contradictory, so activities that were already seen are filtered
    // out here as well.
    const fresh = activities.filter((one) => seen === null || one.id > seen);
    found.push(...fresh);
    const oldest = activities.at(-1)?.id;
    return fresh.length < activities.length ? undefined : oldest;
  });
  const newest = found.reduce<number | null>((max, { id }) => Math.max(max ?? id, id), seen);
  return { found, newest, warnings: items.warnings() };
}
