import { useInfiniteQuery } from '@tanstack/react-query';
import type { CheckResult } from '@watchkeeper/contracts/checks';
import { useState } from 'react';
import { useOrg } from '../../app/session';
import { LoadFailed } from '../../app/states';
import { useNow } from '../../lib/clock';
import { formatSecond } from '../../lib/time';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Choice } from '../../ui/field';
import { Log } from '../../ui/log';
import { SkeletonRows } from '../../ui/skeleton';
import { toneOfOutcome } from './check-tone';
import { type ResultFilter, resultsQuery } from './queries';

/** Every run in words, newest first. */
export function ResultsPanel({ check, timeZone }: { check: string; timeZone: string }) {
  const { org } = useOrg();
  const [show, setShow] = useState<ResultFilter>('all');
  const results = useInfiniteQuery(resultsQuery(org, check, show));
  const rows = results.data?.pages.flatMap((page) => page.data);
  return (
    <Panel
      title={t.check.results}
      aside={
        <Choice<ResultFilter>
          label={t.check.results}
          hideLabel
          options={[
            { value: 'all', label: t.check.showAll },
            { value: 'failed', label: t.check.onlyFailed },
          ]}
          value={show}
          onChange={setShow}
        />
      }
    >
      {rows === undefined ? (
        results.error === null ? (
          <SkeletonRows label={t.state.loading} />
        ) : (
          <LoadFailed error={results.error} onRetry={() => void results.refetch()} />
        )
      ) : rows.length === 0 ? (
        <p className="text-ink-3">{show === 'all' ? t.check.resultsEmpty : t.check.noFailures}</p>
      ) : (
        <Results rows={rows} timeZone={timeZone} />
      )}
      {results.hasNextPage ? (
        <Button
          className="mt-3"
          busy={results.isFetchingNextPage}
          onClick={() => void results.fetchNextPage()}
        >
          {t.action.showMore}
        </Button>
      ) : null}
    </Panel>
  );
}

function Results({ rows, timeZone }: { rows: readonly CheckResult[]; timeZone: string }) {
  const now = useNow();
  return (
    <>
      <Log
        entries={rows.map((row) => ({
          id: row.at,
          time: <time dateTime={row.at}>{formatSecond(Date.parse(row.at), now, t.language, timeZone)}</time>,
          tone: toneOfOutcome(row.outcome),
          text: (
            <>
              <span className="sr-only">{t.check.outcome[row.outcome]}: </span>
              {row.reason}
            </>
          ),
          note: noteOf(row),
        }))}
      />
      <p className="mt-3 text-1 text-ink-3">{t.alert.timeZoneNote(timeZone)}</p>
    </>
  );
}

function noteOf({ timings, attempts }: CheckResult): string {
  const parts = [
    ...(timings.total_ms === null ? [] : [t.check.ms(timings.total_ms)]),
    ...(attempts > 1 ? [t.check.attempts(attempts)] : []),
  ];
  return parts.join(' · ');
}
