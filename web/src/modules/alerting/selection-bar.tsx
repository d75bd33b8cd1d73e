import type { Alert } from '@watchkeeper/contracts/alerting';
import { useEffect, useRef } from 'react';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import type { Selection } from './use-selection';

interface SelectionBarProps {
  alerts: readonly Alert[];
  selection: Selection;
  onAcknowledge: (alerts: readonly Alert[]) => void;
  onResolve: (alerts: readonly Alert[]) => void;
}

/** The head of the list: chooses all, and says what can be done with the chosen. Always as high, so nothing jumps. */
export function SelectionBar({ alerts, selection, onAcknowledge, onResolve }: SelectionBarProps) {
  const { selected } = selection;
  const open = selected.filter((alert) => alert.status === 'open');
  const active = selected.filter((alert) => alert.status !== 'resolved');
  const all = useRef<HTMLInputElement>(null);
  const some = selected.length > 0 && selected.length < alerts.length;
  useEffect(() => {
    if (all.current !== null) all.current.indeterminate = some;
  }, [some]);
  return (
    <div className="sticky top-0 z-10 flex min-h-14 items-center gap-x-1 rounded-t-3 border-b border-line bg-surface py-1.5 pr-3 pl-1 sm:pr-4 sm:pl-2">
      <label className="flex size-11 shrink-0 cursor-pointer items-center justify-center">
        <input
          ref={all}
          type="checkbox"
          checked={alerts.length > 0 && selected.length === alerts.length}
          onChange={(event) => (event.currentTarget.checked ? selection.all() : selection.clear())}
          aria-label={t.alert.chooseAll}
          className="size-4.5 accent-accent"
        />
      </label>
      <p role="status" className="min-w-0 flex-1 truncate text-1 text-ink-2">
        {selected.length === 0 ? t.alert.shown(alerts.length) : t.alert.chosen(selected.length)}
      </p>
      {selected.length === 0 ? null : (
        <div className="flex gap-1.5">
          {open.length === 0 ? null : (
            <Button shortcut="a" onClick={() => onAcknowledge(open)} className="max-sm:px-2.5">
              {t.action.acknowledge}
            </Button>
          )}
          {active.length === 0 ? null : (
            <Button shortcut="r" onClick={() => onResolve(active)} className="max-sm:px-2.5">
              {t.action.resolve}
            </Button>
          )}
          <Button variant="quiet" onClick={selection.clear} className="max-sm:hidden">
            {t.alert.chooseNone}
          </Button>
        </div>
      )}
    </div>
  );
}
