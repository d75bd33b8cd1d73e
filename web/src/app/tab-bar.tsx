import { useState } from 'react';
import { t } from '../messages';
import { Dialog } from '../ui/dialog';
import { MoreIcon } from '../ui/icons';
import { AppLink } from './link';
import { Count } from './nav-count';
import { useIsCurrent, useNavItems } from './navigation';

const tabClass =
  'relative flex min-h-14 min-w-0 flex-col items-center justify-center gap-0.5 px-0.5 text-[11px] text-ink-3 -outline-offset-2 aria-[current]:font-semibold aria-[current]:text-ink';

/** At the bottom of a phone: the pages for every day, and a sheet with the rest. */
export function TabBar() {
  const items = useNavItems();
  const isCurrent = useIsCurrent();
  const [open, setOpen] = useState(false);
  const tabs = items.filter((item) => item.group === 'watch');
  const rest = items.filter((item) => item.group !== 'watch');
  const inRest = rest.some((item) => isCurrent(item.to) !== undefined);
  return (
    <>
      <nav
        aria-label={t.nav.label}
        className="fixed inset-x-0 bottom-0 z-40 grid grid-cols-5 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden print:hidden"
      >
        {tabs.map((item) => (
          <AppLink key={item.to} to={item.to} aria-current={isCurrent(item.to)} className={tabClass}>
            {item.icon}
            <span className="max-w-full truncate">{item.label}</span>
            <Count
              count={item.count}
              className="absolute top-1 left-1/2 ml-1.5 min-w-4 rounded-full bg-problem px-1 text-center text-[10px] leading-4 text-surface"
            />
          </AppLink>
        ))}
        <button
          type="button"
          aria-haspopup="dialog"
          aria-expanded={open}
          aria-current={inRest ? 'true' : undefined}
          onClick={() => setOpen(true)}
          className={tabClass}
        >
          <MoreIcon />
          <span className="max-w-full truncate">{t.nav.more}</span>
        </button>
      </nav>
      <Dialog open={open} onClose={() => setOpen(false)} title={t.nav.moreTitle} closeLabel={t.action.close}>
        <ul className="-mx-2 grid gap-0.5">
          {rest.map((item) => (
            <li key={item.to}>
              <AppLink
                to={item.to}
                aria-current={isCurrent(item.to)}
                onClick={() => setOpen(false)}
                className="flex min-h-12 items-center gap-3 rounded-2 px-2 text-3 text-ink-2 hover:bg-sunken aria-[current]:bg-sunken aria-[current]:font-semibold aria-[current]:text-ink"
              >
                {item.icon}
                {item.label}
              </AppLink>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
