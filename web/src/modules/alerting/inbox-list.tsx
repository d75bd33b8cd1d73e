import type { Alert } from '@watchkeeper/contracts/alerting';
import { useEffect, useRef, useState } from 'react';
import { useCommand } from '../../app/commands';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { useAlertActions } from './actions';
import { InboxRow } from './inbox-row';
import { ResolveDialog } from './resolve-dialog';
import { SelectionBar } from './selection-bar';
import { useSelection } from './use-selection';

interface InboxListProps {
  alerts: readonly Alert[];
  /** The name of the list, for screen readers. */
  title: string;
}

/** The inbox by mouse, finger and keys: `j k` walk, `x` chooses, `a` and `r` act on the chosen or the current one. */
export function InboxList({ alerts, title }: InboxListProps) {
  const { org, can } = useOrg();
  const operates = can('alerts:operate');
  const { acknowledge, resolve } = useAlertActions();
  const [resolving, setResolving] = useState<readonly Alert[]>([]);
  const selection = useSelection(alerts);
  const { current, currentRow } = useWalk(alerts);

  const chosen = selection.selected.length > 0 ? selection.selected : current === undefined ? [] : [current];
  const open = chosen.filter((alert) => alert.status === 'open');
  const active = chosen.filter((alert) => alert.status !== 'resolved');
  const acknowledgeAll = (which: readonly Alert[]): void => {
    acknowledge.mutate(which);
    selection.clear();
  };
  useCommand(
    {
      id: 'choose',
      label: t.shortcuts.choose,
      keys: 'x',
      run: () => current !== undefined && selection.toggle(current.id),
    },
    operates && current !== undefined,
  );
  useCommand(
    { id: 'acknowledge', label: t.shortcuts.acknowledge, keys: 'a', run: () => acknowledgeAll(open) },
    operates && open.length > 0,
  );
  useCommand(
    { id: 'resolve', label: t.shortcuts.resolve, keys: 'r', run: () => setResolving(active) },
    operates && active.length > 0,
  );

  return (
    <>
      <h2 className="sr-only">{title}</h2>
      <div className="rounded-3 border border-line bg-surface shadow-card">
        {operates ? (
          <SelectionBar
            alerts={alerts}
            selection={selection}
            onAcknowledge={acknowledgeAll}
            onResolve={setResolving}
          />
        ) : null}
        {alerts.map((alert) => (
          <InboxRow
            key={alert.id}
            org={org}
            alert={alert}
            current={alert.id === current?.id}
            chosen={selection.has(alert.id)}
            {...(alert.id === current?.id ? { ref: currentRow } : {})}
            onChoose={operates ? () => selection.toggle(alert.id) : undefined}
            onAcknowledge={operates ? () => acknowledge.mutate([alert]) : undefined}
            onResolve={operates ? () => setResolving([alert]) : undefined}
          />
        ))}
      </div>
      <ResolveDialog
        alerts={resolving}
        onClose={() => setResolving([])}
        onResolve={(resolution) => {
          resolve.mutate({ alerts: resolving, ...resolution });
          selection.clear();
        }}
      />
    </>
  );
}

/** The row that the keys are on. */
function useWalk(alerts: readonly Alert[]) {
  const [currentId, setCurrentId] = useState<string>();
  const currentRow = useRef<HTMLElement>(null);
  const index = alerts.findIndex((alert) => alert.id === currentId);
  const walk = (step: number): void =>
    setCurrentId(alerts[Math.min(Math.max(index + step, 0), alerts.length - 1)]?.id);
  useCommand({ id: 'next', label: t.shortcuts.next, keys: 'j', run: () => walk(1) }, alerts.length > 0);
  useCommand(
    { id: 'previous', label: t.shortcuts.previous, keys: 'k', run: () => walk(-1) },
    alerts.length > 0,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the keys moved on, not on every render
  useEffect(() => {
    currentRow.current?.scrollIntoView({ block: 'nearest' });
    currentRow.current?.querySelector('a')?.focus({ preventScroll: true });
  }, [currentId]);
  return { current: alerts[index], currentRow };
}
