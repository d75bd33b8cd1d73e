import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { t } from '../messages';
import { needsYou } from '../modules/alerting/weight';
import { overviewQuery } from '../modules/overview/queries';
import { paths } from '../paths';
import { BrandMark } from '../ui/brand';
import { classes } from '../ui/classes';
import { AlertsIcon, OverviewIcon, SettingsIcon, SitesIcon } from '../ui/icons';
import { AccountMenu } from './account-menu';
import { Announcer } from './announcer';
import { ConnectionBar } from './connection-bar';
import { AppLink, usePathname } from './link';
import { useConnection } from './live';
import { useOrg } from './session';
import { FrameShortcuts } from './shortcuts';

/** The frame around every page: side navigation on a desk, tabs under the thumb on a phone. */
export function Shell({ children }: { children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const pathname = usePathname();
  const shown = useRef(pathname);

  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <div className="grid min-h-dvh grid-cols-1 md:grid-cols-[208px_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-50 rounded-2 bg-accent px-4 py-2 font-medium text-accent-ink focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        {t.nav.skip}
      </a>
      <SideNav />
      <div className="min-w-0">
        <TopBar />
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="mx-auto w-full max-w-[1560px] px-4 pt-4 pb-28 sm:px-8 md:pt-8 md:pb-16"
        >
          <ConnectionBar />
          {children}
        </main>
      </div>
      <TabBar />
      <FrameShortcuts />
      <Announcer />
    </div>
  );
}

function useNavItems() {
  const { org } = useOrg();
  const overview = useQuery(overviewQuery(org));
  const waiting = overview.data?.alerts.filter(needsYou).length ?? 0;
  return [
    { to: paths.overview({ org }), label: t.nav.overview, icon: <OverviewIcon />, count: 0 },
    { to: paths.alerts({ org }), label: t.nav.alerts, icon: <AlertsIcon />, count: waiting },
    { to: paths.sites({ org }), label: t.nav.sites, icon: <SitesIcon />, count: 0 },
    { to: paths.settings({ org }), label: t.nav.settings, icon: <SettingsIcon />, count: 0 },
  ];
}

/** The overview is every page's parent, so only its own address counts; the others own what lies below them. */
function useIsCurrent(): (to: string) => 'page' | 'true' | undefined {
  const pathname = usePathname().replace(/\/$/, '');
  const { org } = useOrg();
  const sites = paths.sites({ org });
  const devices = `${paths.overview({ org })}/devices`;
  return (to) => {
    if (pathname === to) return 'page';
    if (to === paths.overview({ org })) return undefined;
    const below = pathname.startsWith(`${to}/`) || (to === sites && pathname.startsWith(devices));
    return below ? 'true' : undefined;
  };
}

function Count({ count, className }: { count: number; className?: string }) {
  if (count === 0) return null;
  return (
    <span className={classes('text-0 font-semibold text-problem', className)}>
      <span aria-hidden="true">{count}</span>
      <span className="sr-only">, {t.nav.openAlerts(count)}</span>
    </span>
  );
}

function Brand() {
  const { connection } = useConnection();
  const { org } = useOrg();
  const tone = connection.state === 'live' ? 'ok' : connection.state === 'lost' ? 'attention' : 'unknown';
  return (
    <AppLink
      to={paths.overview({ org })}
      className="flex shrink-0 items-center gap-2 whitespace-nowrap rounded-1 px-2 py-1 font-semibold"
    >
      <BrandMark tone={tone} />
      {t.product}
    </AppLink>
  );
}

function SideNav() {
  const items = useNavItems();
  const isCurrent = useIsCurrent();
  return (
    <header className="sticky top-0 z-40 hidden h-dvh flex-col border-r border-line px-3 py-4 md:flex">
      <div className="mb-3">
        <Brand />
      </div>
      <nav aria-label={t.nav.label} className="grid gap-0.5">
        {items.map((item) => (
          <AppLink
            key={item.to}
            to={item.to}
            aria-current={isCurrent(item.to)}
            className="flex min-h-9 items-center gap-2.5 rounded-1 px-2 py-1.5 text-ink-2 hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:font-semibold aria-[current]:text-ink"
          >
            {item.icon}
            <span className="flex-1">{item.label}</span>
            <Count count={item.count} />
          </AppLink>
        ))}
      </nav>
      <div className="mt-auto">
        <AccountMenu placement="side" />
      </div>
    </header>
  );
}

function TopBar() {
  return (
    <header className="relative z-40 flex items-center justify-between gap-4 border-b border-line px-2 py-1.5 md:hidden">
      <Brand />
      <AccountMenu placement="top" />
    </header>
  );
}

function TabBar() {
  const items = useNavItems();
  const isCurrent = useIsCurrent();
  return (
    <nav
      aria-label={t.nav.label}
      className="fixed inset-x-0 bottom-0 z-40 grid grid-cols-4 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {items.map((item) => (
        <AppLink
          key={item.to}
          to={item.to}
          aria-current={isCurrent(item.to)}
          className="relative flex min-h-14 flex-col items-center justify-center gap-0.5 text-[11px] text-ink-3 -outline-offset-2 aria-[current]:font-semibold aria-[current]:text-ink"
        >
          {item.icon}
          {item.label}
          <Count
            count={item.count}
            className="absolute top-1 left-1/2 ml-1.5 min-w-4 rounded-full bg-problem px-1 text-center text-[10px] leading-4 text-surface"
          />
        </AppLink>
      ))}
    </nav>
  );
}
