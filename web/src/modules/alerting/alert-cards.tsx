import type { Alert } from '@watchkeeper/contracts/alerting';
import { useEffect, useRef, useState } from 'react';
import { useCommand } from '../../app/commands';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { useAlertActions } from './actions';
import { AlertCard } from './alert-card';
import { ResolveDialog } from './resolve-dialog';

interface AlertCardsProps {
  alerts: readonly Alert[];
  /** The name of the list, for screen readers; not needed under a visible heading. */
  title?: string;
  keyboard?: boolean;
}

/** Cards in the order given, walked with j and k, acted on with a and r. */
export function AlertCards({ alerts, title, keyboard = true }: AlertCardsProps) {
  const { org, can } = useOrg();
  const { acknowledge, resolve } = useAlertActions();
  const [resolving, setResolving] = useState<Alert | null>(null);
  const [currentId, setCurrentId] = useState<string>();
  const currentCard = useRef<HTMLElement>(null);
  const operates = can('alerts:operate');

  const index = alerts.findIndex((alert) => alert.id === currentId);
  const current = alerts[index];
  const walk = (step: number): void =>
    setCurrentId(alerts[Math.min(Math.max(index + step, 0), alerts.length - 1)]?.id);
  const walkable = keyboard && alerts.length > 0;
  useCommand({ id: 'next', label: t.shortcuts.next, keys: 'j', run: () => walk(1) }, walkable);
  useCommand({ id: 'previous', label: t.shortcuts.previous, keys: 'k', run: () => walk(-1) }, walkable);
  useCommand(
    {
      id: 'acknowledge',
      label: t.shortcuts.acknowledge,
      keys: 'a',
      run: () => current !== undefined && acknowledge.mutate([current]),
    },
    walkable && operates && current?.status === 'open',
  );
  useCommand(
    {
      id: 'resolve',
      label: t.shortcuts.resolve,
      keys: 'r',
      run: () => setResolving(current ?? null),
    },
    walkable && operates && current !== undefined,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the keys moved on, not on every render
  useEffect(() => {
    currentCard.current?.scrollIntoView({ block: 'nearest' });
    currentCard.current?.querySelector('a')?.focus({ preventScroll: true });
  }, [currentId]);

  return (
    <>
      {title === undefined ? null : <h2 className="sr-only">{title}</h2>}
      <div className="grid gap-3">
        {alerts.map((alert, position) => (
          <AlertCard
            key={alert.id}
            org={org}
            alert={alert}
            current={alert.id === currentId}
            lead={position === 0}
            {...(alert.id === currentId ? { ref: currentCard } : {})}
            onAcknowledge={operates ? (each) => acknowledge.mutate([each]) : undefined}
            onResolve={operates && alert.status !== 'resolved' ? setResolving : undefined}
          />
        ))}
      </div>
      <ResolveDialog
        alerts={resolving === null ? [] : [resolving]}
        onClose={() => setResolving(null)}
        onResolve={(resolution) =>
          resolving !== null && resolve.mutate({ alerts: [resolving], ...resolution })
        }
      />
    </>
  );
}
