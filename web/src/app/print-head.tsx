import { useNow } from '../lib/clock';
import { formatExact } from '../lib/time';
import { t } from '../messages';
import { useMe, useOrg } from './session';

/** A sheet of paper has no address bar: whose it is, of when, and where it came from. */
export function PrintHead() {
  const { organization } = useOrg();
  const me = useMe();
  const now = useNow();
  return (
    <div className="mb-6 hidden items-baseline justify-between gap-6 border-b border-line pb-2 text-1 text-ink-2 print:flex">
      <p>
        <b className="font-semibold text-ink">{organization.name}</b> · {t.product}
      </p>
      <p className="text-right">
        {t.print.printed(formatExact(now, t.language), me.user?.name ?? me.caller.name)}
        <br />
        {location.origin + location.pathname}
      </p>
    </div>
  );
}
