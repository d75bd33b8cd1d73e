import type { Check } from '@watchkeeper/contracts/checks';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { isAwaited, toneOfCheck, wordOfCheck } from './check-tone';

export const checkRowHeight = 56;

/** One check as a line: name, why it is as it is, when it was looked at and will be, state. */
export function CheckRow({ check, note }: { check: Check; note: string }) {
  const { org } = useOrg();
  return (
    <div className="relative grid min-h-14 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-4 py-1.5 hover:bg-sunken sm:py-2 md:grid-cols-[minmax(0,3fr)_minmax(0,4fr)_9rem_7rem]">
      <div className="grid min-w-0">
        <AppLink
          to={paths.check({ org, check: check.slug })}
          className="truncate font-medium after:absolute after:inset-0"
        >
          {check.name}
        </AppLink>
        <span className="truncate text-1 text-ink-3 max-md:hidden">{note}</span>
        <span className="truncate text-1 text-ink-2 md:hidden">{reasonOf(check) ?? note}</span>
      </div>
      <span className="line-clamp-2 text-1 text-ink-2 max-md:hidden">{reasonOf(check)}</span>
      <span className="grid text-1 text-ink-3 max-md:hidden">
        <LastSeen check={check} />
        <NextRun check={check} />
      </span>
      <State tone={toneOfCheck(check)}>{wordOfCheck(check)}</State>
    </div>
  );
}

/** Why it is as it is; of one that is up, what its last run said. */
function reasonOf({ enabled, state }: Check): string | undefined {
  if (!enabled) return undefined;
  return state.reason ?? state.last_result?.reason;
}

function LastSeen({ check }: { check: Check }) {
  const awaited = isAwaited(check);
  const at = awaited ? check.ping?.last_ping_at : check.state.last_result?.at;
  if (at === null || at === undefined) return <span>{t.check.noResult}</span>;
  return (
    <Ago at={at} language={t.language}>
      {awaited ? t.check.lastPing : t.check.lastResult}
    </Ago>
  );
}

function NextRun({ check }: { check: Check }) {
  const awaited = isAwaited(check);
  const at = awaited ? (check.ping?.expected_at ?? null) : check.state.next_due_at;
  if (at === null || !check.enabled) return null;
  return (
    <Ago at={at} language={t.language}>
      {awaited ? t.check.expected : t.check.nextRun}
    </Ago>
  );
}
