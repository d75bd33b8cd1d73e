import type { DemoEvent } from './business.ts';
import { type DemoDevice, demoDevices, demoSites } from './places.ts';
import { type NinjaOne, ninjaCredentials, startNinjaOne } from './simulators/ninjaone.ts';
import { accessToken, startUnifiAccess, type UnifiAccess } from './simulators/unifi-access.ts';
import { networkKey, startUnifiNetwork, type UnifiNetwork } from './simulators/unifi-network.ts';
import { isAccessOut, rmmSaysOffline, weatherOf } from './story.ts';

/** The same ports after a restart, so that readings continue. Another one when a port is taken. */
const usualPorts = { rmm: 47_872, access: 47_873, network: 47_874 };
const sourceSeconds = 15;
const judgeSeconds = 15;
const hourMs = 3_600_000;
/** How many openings the door system remembers. */
const eventsKept = 500;

export interface ThirdParties extends AsyncDisposable {
  readonly ports: readonly number[];
  /** Sets the third parties to this moment of the story. */
  follow(at: Date, second: number, events: readonly DemoEvent[]): void;
  /** The sources, and the checks that judge devices by them, for `watchkeeper apply`. */
  manifest(): { sources: object[]; checks: object[] };
}

/** An RMM, a door system and a network console on loopback that know the demonstration's devices. */
export async function startThirdParties(at: Date): Promise<ThirdParties> {
  const rmm = await startNinjaOne({ port: usualPorts.rmm });
  const access = await startUnifiAccess({ port: usualPorts.access });
  const network = await startUnifiNetwork({ port: usualPorts.network });
  furnishRmm(rmm, at);
  furnishAccess(access);
  furnishNetwork(network);
  follow(at, 0, []);

  function follow(now: Date, second: number, events: readonly DemoEvent[]): void {
    followRmm(rmm, now, second);
    followAccess(access, second, events);
    followNetwork(network, now, second);
  }

  return {
    ports: [rmm.port, access.port, network.port],
    follow,
    manifest: () => ({ sources: sources(rmm.url, access.url, network.url), checks: links() }),
    async [Symbol.asyncDispose]() {
      for (const one of [rmm, access, network]) await one[Symbol.asyncDispose]();
    },
  };
}

function sources(rmmUrl: string, accessUrl: string, networkUrl: string): object[] {
  const rhythm = { interval: sourceSeconds, alert_after_failures: 2 };
  return [
    {
      slug: 'rmm',
      kind: 'ninjaone',
      name: 'NinjaOne',
      config: { base_url: rmmUrl, ...ninjaCredentials },
      ...rhythm,
    },
    {
      slug: 'access',
      kind: 'unifi_access',
      name: 'UniFi Access',
      config: { base_url: accessUrl, token: accessToken },
      ...rhythm,
    },
    {
      slug: 'network',
      kind: 'unifi_network',
      name: 'UniFi Network',
      config: { base_url: networkUrl, api_key: networkKey },
      ...rhythm,
    },
  ];
}

const computers = demoDevices.filter((device) => device.type === 'trackman_pc');
const doors = demoDevices.filter((device) => device.type === 'door_controller');
const gateways = demoDevices.filter((device) => device.role === 'network');

/**
 * All devices of the RMM and the door system are linked. Of the network console, only a part is; the rest shows as
 * suggestions.
 */
function links(): object[] {
  const ofNetwork = demoDevices.filter((device) => /^dartmouth-bay-[123]-pc$/.test(device.slug));
  return [
    ...computers.map((device) => link(device, 'rmm', 'ninjaone', 'NinjaOne', String(rmmId(device)))),
    ...doors.map((device) => link(device, 'access', 'unifi_access', 'UniFi Access', doorId(device))),
    ...[...gateways, ...ofNetwork].map((device) =>
      link(device, 'network', 'unifi_network', 'UniFi Network', networkId(device)),
    ),
  ];
}

function link(device: DemoDevice, source: string, kind: string, sourceName: string, ref: string): object {
  return {
    slug: `${device.slug}.${source}`,
    kind,
    name: `${device.name} in ${sourceName}`,
    device: device.slug,
    interval: judgeSeconds,
    config: { source, ref },
  };
}

const numberOf = (device: DemoDevice) => demoDevices.indexOf(device);
const rmmId = (device: DemoDevice) => 4_100 + numberOf(device);
const doorId = (device: DemoDevice) => `door-${device.slug}`;
const networkId = (device: DemoDevice) => `net-${device.slug}`;
/** Locally administered MAC addresses, which belong to no manufacturer. */
const macOf = (kind: string, index: number) => `02:${kind}:00:00:00:${index.toString(16).padStart(2, '0')}`;

function furnishRmm(rmm: NinjaOne, at: Date): void {
  const seconds = at.getTime() / 1_000;
  const workstation = { organizationId: 12, approvalStatus: 'APPROVED', nodeClass: 'WINDOWS_WORKSTATION' };
  for (const device of computers)
    rmm.devices.push({
      ...workstation,
      id: rmmId(device),
      offline: false,
      displayName: device.slug.toUpperCase(),
      dnsName: `${device.slug}.lan`,
      macAddresses: [macOf('50', numberOf(device))],
      lastContact: seconds,
    });
  // Devices that Watchkeeper does not watch: real sources list more than is needed.
  rmm.devices.push(
    {
      ...workstation,
      id: 4_901,
      offline: false,
      displayName: 'OFFICE-LAPTOP-2',
      dnsName: 'office-laptop-2.lan',
    },
    { ...workstation, id: 4_902, offline: true, displayName: 'OLD-TILL', lastContact: seconds - 3 * 86_400 },
  );
}

function followRmm(rmm: NinjaOne, now: Date, second: number): void {
  for (const known of rmm.devices) {
    const device = computers.find((one) => rmmId(one) === known.id);
    if (device === undefined) continue;
    known.offline = rmmSaysOffline(device, second);
    if (!known.offline) known.lastContact = now.getTime() / 1_000;
  }
}

function furnishAccess(access: UnifiAccess): void {
  for (const device of doors) {
    const name = `${siteName(device)} ${device.name}`;
    const isGate = device.role === 'gate';
    access.doors.push({
      id: doorId(device),
      name,
      door_lock_relay_status: isGate ? 'unlock' : 'lock',
      door_position_status: isGate ? null : 'close',
    });
    access.hubs.push({
      id: macOf('48', numberOf(device)).replaceAll(':', ''),
      name: 'UA Hub',
      alias: `${name} hub`,
      type: isGate ? 'UA-G2-PRO' : 'UAH',
      location_id: doorId(device),
      is_online: true,
    });
  }
}

/** Events at the gates also appear in the door system. */
function followAccess(access: UnifiAccess, second: number, events: readonly DemoEvent[]): void {
  for (const hub of access.hubs) {
    const device = doors.find((one) => doorId(one) === hub.location_id);
    if (device !== undefined) hub.is_online = !weatherOf(device, second).hubOffline;
  }
  for (const event of events.filter((one) => one.type === 'gate.redemption'))
    access.events.push({
      door: `door-${event.device}`,
      at: Date.parse(event.occurred_at),
      result: event.outcome === 'success' ? 'ACCESS' : 'BLOCKED',
      credential: 'NFC',
      actor: 'Simulated guest',
    });
  access.events.splice(0, access.events.length - eventsKept);
  if (isAccessOut(second)) access.fail({ kind: 'status', status: 503 });
  else access.heal();
}

function furnishNetwork(network: UnifiNetwork): void {
  for (const device of gateways)
    network.devices.push({
      id: networkId(device),
      name: `${siteName(device)} gateway`,
      macAddress: macOf('47', numberOf(device)),
      state: 'ONLINE',
    });
  for (const [index, site] of demoSites.entries())
    network.devices.push({
      id: `net-${site.slug}-ap`,
      name: `${site.name} AP`,
      macAddress: macOf('41', index),
      // One access point updates its firmware: neither online nor offline.
      state: site.slug === 'leeds' ? 'UPDATING' : 'ONLINE',
    });
}

/** Lists only clients that are connected. */
function followNetwork(network: UnifiNetwork, now: Date, second: number): void {
  const known = new Map(network.clients.map((client) => [client.id, client]));
  const here = computers.filter((device) => !weatherOf(device, second).silent);
  const since = new Date(now.getTime() - (second === 0 ? 9 * hourMs : 0)).toISOString();
  const connected = here.map(
    (device) =>
      known.get(networkId(device)) ?? {
        id: networkId(device),
        name: device.slug,
        macAddress: macOf('50', numberOf(device)),
        type: 'WIRED' as const,
        connectedAt: since,
      },
  );
  const guest = {
    id: 'net-guest-1',
    name: 'A guest',
    macAddress: macOf('99', 1),
    type: 'WIRELESS' as const,
    connectedAt: since,
    access: { type: 'GUEST' },
  };
  network.clients.splice(0, network.clients.length, ...connected, known.get(guest.id) ?? guest);
}

function siteName(device: DemoDevice): string {
  return demoSites.find((site) => site.slug === device.site)?.name ?? device.site;
}
