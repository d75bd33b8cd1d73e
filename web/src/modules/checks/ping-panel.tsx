import { useInfiniteQuery } from '@tanstack/react-query';
import type { Check } from '@watchkeeper/contracts/checks';
import type { PingPhase, PingStanding, ReceivedPing } from '@watchkeeper/contracts/pings';
import { copyWords } from '../../app/copy-words';
import { LocalNote } from '../../app/local-note';
import { useOrg } from '../../app/session';
import { LoadFailed } from '../../app/states';
import { useNow } from '../../lib/clock';
import { reachable } from '../../lib/reachable';
import { formatDuration, formatSecond } from '../../lib/time';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { CopyBlock } from '../../ui/copy';
import { Facts } from '../../ui/facts';
import { Log } from '../../ui/log';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { SkeletonRows } from '../../ui/skeleton';
import type { Tone } from '../../ui/tone';
import { pingsQuery } from './queries';

const toneOfPhase: Record<PingPhase, Tone> = {
  new: 'unknown',
  up: 'ok',
  late: 'attention',
  down: 'problem',
  started: 'ok',
  overrunning: 'attention',
  paused: 'unknown',
};

/** The address that is waited for, with lines that are ready to paste. */
export function PingAddress({ check }: { check: Check }) {
  const url = check.ping_url === null ? null : reachable(check.ping_url);
  return (
    <Panel title={t.check.ping.title}>
      {url === null ? (
        <p className="text-ink-2">{t.check.ping.secret}</p>
      ) : (
        <div className="grid gap-4">
          <p className="text-2 text-ink-2">{t.check.ping.text}</p>
          <LocalNote url={url} />
          <CopyBlock text={url} words={copyWords()} />
          <Line title={t.check.ping.curl} text={`curl -fsS -m 10 --retry 5 -o /dev/null ${url}`} />
          <details>
            <summary className="text-1 text-accent">{t.check.ping.moreLines}</summary>
            <div className="mt-3 grid gap-4">
              <Line
                title={t.check.ping.cron}
                text={`${cronOf(check)} /path/to/job && curl -fsS -m 10 --retry 5 -o /dev/null ${url}`}
              />
              <Line
                title={t.check.ping.start}
                text={`curl -fsS -m 10 -o /dev/null ${url}/start; /path/to/job; curl -fsS -m 10 --retry 5 -o /dev/null ${url}/$?`}
              />
              <Line
                title={t.check.ping.fail}
                text={`/path/to/job || curl -fsS -m 10 --retry 5 -o /dev/null ${url}/fail`}
              />
              {check.ping === null || check.ping.push_url === null ? null : (
                <Line
                  title={t.check.ping.push}
                  text={`curl -fsS "${reachable(check.ping.push_url)}?status=up&msg=OK"`}
                />
              )}
            </div>
          </details>
        </div>
      )}
    </Panel>
  );
}

function cronOf({ config }: Check): string {
  return typeof config.cron === 'string' ? config.cron : '*/5 * * * *';
}

function Line({ title, text }: { title: string; text: string }) {
  return (
    <div className="grid gap-1.5">
      <h3 className="text-1 font-semibold text-ink-2">{title}</h3>
      <CopyBlock text={text} words={copyWords()} />
    </div>
  );
}

/** Where it stands: expected when, late since when, running for how long. */
export function PingFacts({ ping }: { ping: PingStanding }) {
  const moment = (at: string | null) => (at === null ? t.state.never : <Ago at={at} language={t.language} />);
  return (
    <Facts
      facts={[
        {
          label: t.check.ping.phaseLabel,
          value: <State tone={toneOfPhase[ping.phase]}>{t.check.ping.phase[ping.phase]}</State>,
        },
        { label: t.check.ping.lastPing, value: moment(ping.last_ping_at) },
        ...(ping.expected_at === null
          ? []
          : [{ label: t.check.ping.expectedAt, value: moment(ping.expected_at) }]),
        ...(ping.alarm_at === null ? [] : [{ label: t.check.ping.alarmAt, value: moment(ping.alarm_at) }]),
        ...(ping.last_duration_ms === null
          ? []
          : [{ label: t.check.ping.lastDuration, value: tookText(ping.last_duration_ms) }]),
        ...(ping.runs === 0 ? [] : [{ label: t.check.ping.runs, value: String(ping.runs) }]),
        { label: t.check.ping.total, value: new Intl.NumberFormat(t.language).format(ping.pings) },
      ]}
    />
  );
}

function tookText(ms: number): string {
  return ms < 10_000 ? t.check.ms(ms) : formatDuration(ms);
}

const toneOfPing: Record<ReceivedPing['kind'], Tone> = {
  success: 'ok',
  start: 'maintenance',
  fail: 'problem',
  log: 'unknown',
  ignored: 'unknown',
};

/** Every call that came in, newest first, with what it sent. */
export function PingLog({ check, timeZone }: { check: string; timeZone: string }) {
  const { org } = useOrg();
  const now = useNow();
  const pings = useInfiniteQuery(pingsQuery(org, check));
  const rows = pings.data?.pages.flatMap((page) => page.data);
  return (
    <Panel title={t.check.ping.log}>
      {rows === undefined ? (
        pings.error === null ? (
          <SkeletonRows label={t.state.loading} />
        ) : (
          <LoadFailed error={pings.error} onRetry={() => void pings.refetch()} />
        )
      ) : rows.length === 0 ? (
        <p className="text-ink-3">{t.check.ping.logEmpty}</p>
      ) : (
        <Log
          entries={rows.map((row) => ({
            id: String(row.n),
            time: (
              <time dateTime={row.at}>{formatSecond(Date.parse(row.at), now, t.language, timeZone)}</time>
            ),
            tone: toneOfPing[row.kind],
            text: <PingText ping={row} />,
            note: noteOf(row),
          }))}
        />
      )}
      {pings.hasNextPage ? (
        <Button className="mt-3" busy={pings.isFetchingNextPage} onClick={() => void pings.fetchNextPage()}>
          {t.action.showMore}
        </Button>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <p className="mt-3 text-1 text-ink-3">{t.alert.timeZoneNote(timeZone)}</p>
      )}
    </Panel>
  );
}

function PingText({ ping }: { ping: ReceivedPing }) {
  const parts = [
    t.check.ping.kind[ping.kind],
    ...(ping.exit_status === null ? [] : [t.check.ping.exit(ping.exit_status)]),
    ...(ping.duration_ms === null ? [] : [tookText(ping.duration_ms)]),
  ];
  return (
    <>
      {parts.join(', ')}
      {ping.body_start === null || ping.body_start === '' ? null : (
        <code className="mt-0.5 block font-mono text-1 break-words whitespace-pre-wrap text-ink-2">
          {ping.body_start}
        </code>
      )}
    </>
  );
}

function noteOf(ping: ReceivedPing): string {
  return [ping.method, t.check.ping.source[ping.source], t.check.ping.from(ping.remote_address)].join(' · ');
}
