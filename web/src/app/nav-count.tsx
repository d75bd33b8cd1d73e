import { t } from '../messages';
import { classes } from '../ui/classes';

/** How many alerts wait, beside the word that leads to them; nothing for none. */
export function Count({ count, className }: { count: number; className?: string }) {
  if (count === 0) return null;
  return (
    <span className={classes('text-0 font-semibold text-problem', className)}>
      <span aria-hidden="true">{count}</span>
      <span className="sr-only">, {t.nav.openAlerts(count)}</span>
    </span>
  );
}
