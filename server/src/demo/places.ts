/** What the demonstration watches: three clubs in three time zones, with invented names. */
export const demoSlug = 'demo';
export const demoName = 'Demonstration (simulated fleet)';

interface DemoSite {
  slug: string;
  name: string;
  timezone: string;
  currency: string;
  bays: number;
}

export const demoSites: readonly DemoSite[] = [
  { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax', currency: 'CAD', bays: 6 },
  { slug: 'leeds', name: 'Leeds', timezone: 'Europe/London', currency: 'GBP', bays: 4 },
  { slug: 'perth', name: 'Perth', timezone: 'Australia/Perth', currency: 'AUD', bays: 5 },
];

export type DemoRole = 'bay' | 'gate' | 'door' | 'till' | 'network';

export interface DemoDevice {
  slug: string;
  name: string;
  site: string;
  area: string;
  type: string;
  role: DemoRole;
}

const open = [{ open: '09:00', close: '22:00' }];
const week = {
  monday: open,
  tuesday: open,
  wednesday: open,
  thursday: open,
  friday: open,
  saturday: open,
  sunday: open,
};

export const demoDevices: readonly DemoDevice[] = demoSites.flatMap((site) => {
  const device = (role: DemoRole, local: string, name: string, area: string, type: string): DemoDevice => ({
    slug: `${site.slug}-${local}`,
    name,
    site: site.slug,
    area,
    type,
    role,
  });
  const bays = Array.from({ length: site.bays }, (_, index) =>
    device('bay', `bay-${index + 1}-pc`, `Bay ${index + 1} PC`, `bay-${index + 1}`, 'trackman_pc'),
  );
  return [
    ...bays,
    device('gate', 'gate-1', 'Gate 1', 'entrance', 'door_controller'),
    device('gate', 'gate-2', 'Gate 2', 'entrance', 'door_controller'),
    device('till', 'till-1', 'Till', 'front-desk', 'trackman_pc'),
    device('network', 'network', 'Network', 'front-desk', 'network_connectivity'),
    device('door', 'side-door', 'Side door', 'entrance', 'door_controller'),
  ];
});

/** Side doors have no agent. Only the door system reports on them. */
export const speakingDevices = demoDevices.filter((device) => device.role !== 'door');

/** The same document that an operator would give to `watchkeeper apply`. */
export function demoManifest(): object {
  return {
    sites: demoSites.map((site) => ({
      slug: site.slug,
      name: site.name,
      timezone: site.timezone,
      opening_hours: week,
      areas: [
        ...Array.from({ length: site.bays }, (_, index) => ({
          slug: `bay-${index + 1}`,
          name: `Bay ${index + 1}`,
          kind: 'bay',
        })),
        { slug: 'entrance', name: 'Entrance', kind: 'gate' },
        { slug: 'front-desk', name: 'Front desk', kind: 'room' },
      ],
    })),
    devices: demoDevices.map(({ slug, name, site, area, type }) => ({ slug, name, site, area, type })),
  };
}
