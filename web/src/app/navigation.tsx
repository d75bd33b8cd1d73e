import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { overviewQuery } from '../api/queries/overview';
import { t } from '../messages';
import { paths } from '../paths';
import {
  AlertsIcon,
  ChannelsIcon,
  ChecksIcon,
  DevicesIcon,
  LedgerIcon,
  MaintenanceIcon,
  OverviewIcon,
  RulesIcon,
  SettingsIcon,
  SitesIcon,
  SourcesIcon,
  SystemIcon,
} from '../ui/icons';
import { usePathname } from './link';
import { useOrg } from './session';

/** What is looked at all day, what is looked after, what decides who hears of it, and the rest. */
export const navGroups = ['watch', 'care', 'response', 'house'] as const;

export interface NavItem {
  to: string;
  label: string;
  /** As a command: "Go to alerts". */
  goLabel: string;
  /** Two keys in a row. */
  keys: string;
  icon: ReactNode;
  count: number;
  group: (typeof navGroups)[number];
}

/** How many alerts need somebody: the number beside "Alerts" and on the browser's tab. */
export function useWaiting(): number {
  const { org } = useOrg();
  const { data = 0 } = useQuery({
    ...overviewQuery(org),
    select: (overview) => overview.attention.needs_you,
  });
  return data;
}

/** Every screen of an organization; the side bar, the tabs, the keys and the palette all come from here. */
export function useNavItems(): readonly NavItem[] {
  const { org, can } = useOrg();
  const waiting = useWaiting();
  const { nav, shortcuts } = t;
  return [
    {
      to: paths.overview({ org }),
      label: nav.overview,
      goLabel: shortcuts.goOverview,
      keys: 'g o',
      icon: <OverviewIcon />,
      count: 0,
      group: 'watch',
    },
    {
      to: paths.alerts({ org }),
      label: nav.alerts,
      goLabel: shortcuts.goAlerts,
      keys: 'g a',
      icon: <AlertsIcon />,
      count: waiting,
      group: 'watch',
    },
    {
      to: paths.sites({ org }),
      label: nav.sites,
      goLabel: shortcuts.goSites,
      keys: 'g s',
      icon: <SitesIcon />,
      count: 0,
      group: 'watch',
    },
    {
      to: paths.devices({ org }),
      label: nav.devices,
      goLabel: shortcuts.goDevices,
      keys: 'g d',
      icon: <DevicesIcon />,
      count: 0,
      group: 'watch',
    },
    {
      to: paths.checks({ org }),
      label: nav.checks,
      goLabel: shortcuts.goChecks,
      keys: 'g k',
      icon: <ChecksIcon />,
      count: 0,
      group: 'care',
    },
    {
      to: paths.sources({ org }),
      label: nav.sources,
      goLabel: shortcuts.goSources,
      keys: 'g u',
      icon: <SourcesIcon />,
      count: 0,
      group: 'care',
    },
    {
      to: paths.maintenance({ org }),
      label: nav.maintenance,
      goLabel: shortcuts.goMaintenance,
      keys: 'g m',
      icon: <MaintenanceIcon />,
      count: 0,
      group: 'care',
    },
    {
      to: paths.rules({ org }),
      label: nav.rules,
      goLabel: shortcuts.goRules,
      keys: 'g r',
      icon: <RulesIcon />,
      count: 0,
      group: 'response',
    },
    {
      to: paths.channels({ org }),
      label: nav.channels,
      goLabel: shortcuts.goChannels,
      keys: 'g c',
      icon: <ChannelsIcon />,
      count: 0,
      group: 'response',
    },
    {
      to: paths.ledger({ org }),
      label: nav.ledger,
      goLabel: shortcuts.goLedger,
      keys: 'g l',
      icon: <LedgerIcon />,
      count: 0,
      group: 'response',
    },
    // People who act on alerts should see whether Watchkeeper itself works.
    ...(can('alerts:operate')
      ? [
          {
            to: paths.system({ org }),
            label: nav.system,
            goLabel: shortcuts.goSystem,
            keys: 'g y',
            icon: <SystemIcon />,
            count: 0,
            group: 'house' as const,
          },
        ]
      : []),
    {
      to: paths.settings({ org }),
      label: nav.settings,
      goLabel: shortcuts.goSettings,
      keys: 'g e',
      icon: <SettingsIcon />,
      count: 0,
      group: 'house',
    },
  ];
}

/** The overview is every page's parent, so only its own address counts; the others own what lies below them. */
export function useIsCurrent(): (to: string) => 'page' | 'true' | undefined {
  const pathname = usePathname().replace(/\/$/, '');
  const { org } = useOrg();
  return (to) => {
    if (pathname === to) return 'page';
    if (to === paths.overview({ org })) return undefined;
    return pathname.startsWith(`${to}/`) ? 'true' : undefined;
  };
}
