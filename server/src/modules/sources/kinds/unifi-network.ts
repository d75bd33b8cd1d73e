import Type, { type Static } from 'typebox';
import { caField, secretField, skipVerifyField } from '#platform/kinds/fields';
import { callJson, SourceFault } from '../call.ts';
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
import { readAllPages } from '../pages.ts';
import type { SourceObject } from '../reading.ts';

const pageSize = 200;
const pagesMax = 200;
/** A list that changes while it is read is read once more. */
const triesMax = 2;

const schema = Type.Object(
  {
    base_url: Type.String({
      title: 'Address of the console',
      address: true,
      description: 'A private address must be allowed by OUTBOUND_ALLOW.',
      pattern: '^https?://[^/?#]+/?$',
      patternHelp: 'an address without a path, e.g. https://192.0.2.1',
      maxLength: 300,
      examples: ['https://192.0.2.1'],
    }),
    api_key: secretField('API key'),
    site: Type.Optional(
      Type.String({
        title: 'Site',
        description: 'Its name or reference in UniFi. Empty: the only one.',
        minLength: 1,
        maxLength: 200,
      }),
    ),
    ca: caField,
    skip_verify: skipVerifyField,
  },
  { additionalProperties: false },
);
type Config = Static<typeof schema>;

/** Items are validated one by one. `totalCount` tells whether all were seen. */
const Page = Type.Object({
  totalCount: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])),
  data: Type.Array(Type.Unknown()),
});
const id = Type.String({ minLength: 1, maxLength: 100 });
const Site = Type.Object({
  id,
  name: Type.Optional(Type.Unknown()),
  internalReference: Type.Optional(Type.Unknown()),
});
const NetworkDevice = Type.Object({
  id,
  name: Type.Optional(Type.Unknown()),
  model: Type.Optional(Type.Unknown()),
  macAddress: Type.Optional(Type.Unknown()),
  ipAddress: Type.Optional(Type.Unknown()),
  state: Type.Optional(Type.Unknown()),
});
type NetworkDevice = Static<typeof NetworkDevice>;
const Client = Type.Object({
  id,
  name: Type.Optional(Type.Unknown()),
  type: Type.Optional(Type.Unknown()),
  macAddress: Type.Optional(Type.Unknown()),
  ipAddress: Type.Optional(Type.Unknown()),
  connectedAt: Type.Optional(Type.Unknown()),
  access: Type.Optional(Type.Unknown()),
});
type Client = Static<typeof Client>;
type Item = typeof Site | typeof NetworkDevice | typeof Client;

export const unifiNetwork = defineSourceKind({
  kind: 'unifi_network',
  label: 'UniFi Network (clients)',
  help: 'Reads the access points and switches of a UniFi console, and the clients that are connected. A known client that is not connected is offline. Guests are not kept.',
  reads: 'devices',
  item: {
    label: 'Client or device in UniFi Network',
    help: 'Judges one device by whether the network sees it connected. The word of UniFi counts for five minutes; after that the device is unknown, never offline.',
    witness: 'network',
    example: { source: 'network', ref: '2f0b7a10-0000-4000-8000-000000000007' },
  },
  schema,
  secrets: ['api_key'],
  fixture: { base_url: 'https://192.0.2.1', api_key: 'Xb4nLwS9pD', site: 'Default', skip_verify: false },
  check: (config) => [
    ...(config.api_key === undefined ? [{ field: 'api_key', message: 'is required' }] : []),
    ...mistakesInUrl('base_url', config.base_url),
  ],
  target: (config) => new URL(config.base_url).host,
  hosts: (config) => [hostOfUrl('base_url', config.base_url)],
  async read(config, deps) {
    const site = await findSite(config, deps);
    const base = `/sites/${encodeURIComponent(site)}`;
    const devices = await readList(config, deps, `${base}/devices`, NetworkDevice);
    const clients = await readList(config, deps, `${base}/clients`, Client);
    return {
      objects: [
        ...devices.data.map(deviceObject),
        ...clients.data
          .filter((client) => fieldOf(client.access, 'type') !== 'GUEST')
          .map((client) => clientObject(client, deps.now())),
      ],
      complete: devices.complete && clients.complete,
      warnings: [...devices.warnings, ...clients.warnings],
      bookmark: {},
    };
  },
});

async function getPage(
  config: Config,
  deps: ReadDeps,
  path: string,
  offset: number,
): Promise<Static<typeof Page>> {
  const base = `${config.base_url.replace(/\/$/, '')}/proxy/network/integration/v1`;
  const call = {
    url: `${base}${path}?offset=${offset}&limit=${pageSize}`,
    headers: { 'x-api-key': config.api_key ?? '' },
    ca: config.ca,
    skipVerify: config.skip_verify,
  };
  return await callJson(deps, call, Page);
}

async function findSite(config: Config, deps: ReadDeps): Promise<string> {
  const { data } = await readList(config, deps, '/sites', Site);
  const wanted = config.site;
  const named = (site: (typeof data)[number]) => [site.id, site.name, site.internalReference];
  const found = wanted === undefined ? data : data.filter((site) => named(site).includes(wanted));
  const [site] = found;
  if (site !== undefined && found.length === 1) return site.id;
  throw new SourceFault(
    found.length === 0
      ? `The console has no site${wanted === undefined ? '' : ` "${wanted}"`}.`
      : `The console has ${found.length} sites${wanted === undefined ? ': name one' : ` called "${wanted}"`}.`,
  );
}

interface Listed<T> {
  readonly data: T[];
  readonly complete: boolean;
  readonly warnings: readonly string[];
}

/**
 * Reads pages by offset. When items come and go meanwhile, one may be missed between two pages: then the list is not
 * complete.
 */
async function readList<S extends Item>(
  config: Config,
  deps: ReadDeps,
  path: string,
  item: S,
): Promise<Listed<Static<S>>> {
  let list = await readOnce(config, deps, path, item);
  for (let turn = 1; turn < triesMax && !list.complete; turn += 1) {
    deps.log(`${path} changed while it was read; reading it again`);
    list = await readOnce(config, deps, path, item);
  }
  return list;
}

async function readOnce<S extends Item>(
  config: Config,
  deps: ReadDeps,
  path: string,
  item: S,
): Promise<Listed<Static<S>>> {
  const items = new ItemList(path, item);
  const found = new Map<string, Static<S>>();
  let total: number | undefined;
  let steady = true;
  await readAllPages(path, 0, pagesMax, async (offset) => {
    const { totalCount, data } = await getPage(config, deps, path, offset);
    const says = totalCount ?? undefined;
    steady &&= total === undefined || total === says;
    total = says;
    for (const one of items.add(data)) found.set(one.id, one);
    if (found.size > objectsMax) throw new SourceFault(`${path} lists more than ${objectsMax}.`);
    const next = offset + data.length;
    // Without a count, an empty page ends the list.
    return data.length === 0 || (says !== undefined && next >= says) ? undefined : next;
  });
  items.requireAny();
  const seen = found.size + items.odd.length;
  const complete = steady && (total === undefined || seen === total);
  return { data: [...found.values()], complete, warnings: items.warnings() };
}

function deviceObject(device: NetworkDevice): SourceObject {
  const mac = macOf(device.macAddress);
  const said = clean(device.state, 40);
  // Any other state, such as adopting, updating or isolated, counts as unknown.
  const state = said === 'ONLINE' ? 'online' : said === 'OFFLINE' ? 'offline' : 'unknown';
  return {
    externalId: device.id,
    name: clean(device.name) || clean(device.model) || device.id,
    macs: mac === undefined ? [] : [mac],
    state,
    ...(state === 'unknown' ? { reason: `The console says "${said}".` } : {}),
    whenAbsent: 'missing',
    details: { kind: 'device', model: clean(device.model, 60), ip: clean(device.ipAddress, 60) || null },
  };
}

/** A client is listed only while it is connected. */
function clientObject(client: Client, now: number): SourceObject {
  const mac = macOf(client.macAddress);
  const since = typeof client.connectedAt === 'string' ? Date.parse(client.connectedAt) : undefined;
  const name = clean(client.name);
  return {
    externalId: client.id,
    name: name === '' ? (mac ?? client.id) : name,
    hostname: name === '' ? null : name,
    macs: mac === undefined ? [] : [mac],
    state: 'online',
    since: notAfter(since, now),
    whenAbsent: 'offline',
    details: { kind: 'client', type: clean(client.type, 20), ip: clean(client.ipAddress, 60) || null },
  };
}
