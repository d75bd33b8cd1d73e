import { type ReactNode, useEffect, useRef } from 'react';
import { ConnectionBar } from '../app/connection-bar';
import { AppLink, useOnWall, usePathname } from '../app/link';
import { useConnection } from '../app/live';
import { Count } from '../app/nav-count';
import { navGroups, useIsCurrent, useNavItems, useWaiting } from '../app/navigation';
import { NewBuild } from '../app/new-build';
import { useTabMark } from '../app/page-title';
import { PrintHead } from '../app/print-head';
import { useOrg } from '../app/session';
import { TabBar } from '../app/tab-bar';
import { t } from '../messages';
import { paths } from '../paths';
import { BrandMark } from '../ui/brand';
import { SearchIcon } from '../ui/icons';
import { AccountMenu } from './account-menu';
import { Announcer } from './announcer';
import { openPalette, paletteKeys } from './palette-key';
import { FrameShortcuts } from './shortcuts';

/** The frame around every page: side navigation on a desk, tabs under the thumb on a phone. */
export function Shell({ children }: { children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const pathname = usePathname();
  const shown = useRef(pathname);
  useTabMark(useWaiting());

  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);

  if (useOnWall()) {
    return (
      <main id="main" ref={main} tabIndex={-1} className="h-dvh overflow-hidden">
        {children}
        <NewBuild quiet />
        <Announcer />
      </main>
    );
  }
  return (
    <div className="grid min-h-dvh grid-cols-1 md:grid-cols-[208px_minmax(0,1fr)] print:block">
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
          <PrintHead />
          <ConnectionBar />
          {children}
        </main>
      </div>
      <TabBar />
      <NewBuild />
      <FrameShortcuts />
      <Announcer />
    </div>
  );
}

function Brand() {
  const { connection } = useConnection();
  const { org } = useOrg();
  const tone = connection.state === 'live' ? 'ok' : connection.state === 'lost' ? 'attention' : 'unknown';
  return (
    <AppLink
      to={paths.overview({ org })}
      className="flex shrink-0 items-center gap-2 whitespace-nowrap rounded-1 px-2 py-1 font-semibold max-md:min-h-11"
    >
      <BrandMark tone={tone} />
      {t.product}
    </AppLink>
  );
}

const sideLinkClass =
  'flex min-h-9 items-center gap-2.5 rounded-1 px-2 py-1.5 text-ink-2 hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:font-semibold aria-[current]:text-ink';

function SideNav() {
  const items = useNavItems();
  const isCurrent = useIsCurrent();
  return (
    <header className="sticky top-0 z-40 hidden h-dvh flex-col overflow-y-auto border-r border-line px-3 py-4 md:flex print:hidden">
      <div className="mb-3">
        <Brand />
      </div>
      <button
        type="button"
        onClick={openPalette}
        aria-keyshortcuts="Control+K Meta+K"
        className="mb-4 flex min-h-9 items-center gap-2.5 rounded-2 border border-line-2 px-2 text-ink-3 hover:border-control hover:text-ink"
      >
        <SearchIcon size={16} />
        <span className="flex-1 text-left">{t.palette.open}</span>
        <kbd className="font-mono text-0">{paletteKeys}</kbd>
      </button>
      <nav aria-label={t.nav.label} className="grid gap-4">
        {navGroups.map((group) => (
          <ul key={group} className="grid gap-0.5">
            {items
              .filter((item) => item.group === group)
              .map((item) => (
                <li key={item.to}>
                  <AppLink to={item.to} aria-current={isCurrent(item.to)} className={sideLinkClass}>
                    {item.icon}
                    <span className="flex-1">{item.label}</span>
                    <Count count={item.count} />
                  </AppLink>
                </li>
              ))}
          </ul>
        ))}
      </nav>
      <div className="mt-auto pt-4">
        <AccountMenu placement="side" />
      </div>
    </header>
  );
}

function TopBar() {
  return (
    <header className="relative z-40 flex items-center justify-between gap-4 border-b border-line px-2 py-1.5 md:hidden print:hidden">
      <Brand />
      <div className="flex min-w-0 items-center">
        <button
          type="button"
          onClick={openPalette}
          aria-label={t.palette.open}
          className="grid size-11 shrink-0 place-items-center rounded-2 text-ink-2 hover:bg-sunken"
        >
          <SearchIcon />
        </button>
        <AccountMenu placement="top" />
      </div>
    </header>
  );
}
