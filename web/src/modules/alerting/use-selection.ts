import type { Alert } from '@watchkeeper/contracts/alerting';
import { useCallback, useMemo, useState } from 'react';

export interface Selection {
  readonly selected: readonly Alert[];
  has(id: string): boolean;
  toggle(id: string): void;
  all(): void;
  clear(): void;
}

/**
 * The chosen rows among those shown. A row that left the list is no longer chosen, because people must see
 * the rows they act on.
 */
export function useSelection(alerts: readonly Alert[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (id: string) =>
      setIds((before) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      }),
    [],
  );
  return useMemo(
    () => ({
      selected: alerts.filter((alert) => ids.has(alert.id)),
      has: (id) => ids.has(id),
      toggle,
      all: () => setIds(new Set(alerts.map((alert) => alert.id))),
      clear: () => setIds(new Set()),
    }),
    [alerts, ids, toggle],
  );
}
