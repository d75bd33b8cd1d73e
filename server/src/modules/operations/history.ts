import type { SystemHealth } from '@watchkeeper/contracts/operations';
import type { HealthSpan } from './store.ts';

/** At most this many stretches are read at once. */
export const spansMax = 2_000;

/** The stretches within the window. Time between them becomes stretches with status null: not measured. */
export function withHoles(
  spans: readonly HealthSpan[],
  from: Date,
  to: Date,
  gap: number,
): SystemHealth['history'] {
  const history: SystemHealth['history'] = [];
  let at = from.getTime();
  const add = (end: number, status: SystemHealth['history'][number]['status'], output: string | null) => {
    if (end <= at) return;
    history.push({ from: new Date(at).toISOString(), to: new Date(end).toISOString(), status, output });
    at = end;
  };
  for (const [index, span] of spans.entries()) {
    add(Math.min(span.from_at.getTime(), to.getTime()), null, null);
    // The last look counts until the next one is overdue.
    const open = index === spans.length - 1 && to.getTime() - span.to_at.getTime() <= gap * 1000;
    add(open ? to.getTime() : Math.min(span.to_at.getTime(), to.getTime()), span.status, span.output);
  }
  add(to.getTime(), null, null);
  return history;
}
