import { useInfiniteQuery } from '@tanstack/react-query';
import type { StoredHeartbeat } from '@watchkeeper/contracts/telemetry';
import { useOrg } from '../../app/session';
import { LoadFailed } from '../../app/states';
import { serverNow } from '../../lib/clock';
import { formatDuration, formatExact, formatSecond } from '../../lib/time';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { SkeletonRows } from '../../ui/skeleton';
import { Table } from '../../ui/table';
import { type HeartbeatNote, notesOf, skewMsMin, usualPaceMs } from './heartbeat-notes';
import { heartbeatsQuery } from './queries-past';

/** Every heartbeat that is kept, and what is odd about it in words. */
export function HeartbeatsPanel({ device, timeZone }: { device: string; timeZone: string }) {
  const { org } = useOrg();
  const query = useInfiniteQuery(heartbeatsQuery(org, device));
  const rows = query.data?.pages.flatMap((page) => page.data);
  return (
    <Panel title={t.deviceView.heartbeats}>
      {rows === undefined ? (
        query.error === null ? (
          <SkeletonRows label={t.state.loading} />
        ) : (
          <LoadFailed error={query.error} onRetry={() => void query.refetch()} />
        )
      ) : rows.length === 0 ? (
        <p className="text-ink-3">{t.deviceView.heartbeatsEmpty}</p>
      ) : (
        <div className="grid gap-3">
          <p className="text-1 text-ink-2">{t.deviceView.heartbeatsText}</p>
          <HeartbeatTable rows={rows} timeZone={timeZone} />
          {query.hasNextPage ? (
            <div>
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t.action.showMore}
              </Button>
            </div>
          ) : null}
        </div>
      )}
    </Panel>
  );
}

function HeartbeatTable({ rows, timeZone }: { rows: readonly StoredHeartbeat[]; timeZone: string }) {
  const pace = usualPaceMs(rows);
  const now = serverNow();
  const moment = (at: string) => (
    <time
      dateTime={at}
      title={formatExact(Date.parse(at), t.language, timeZone)}
      className="whitespace-nowrap"
    >
      {formatSecond(Date.parse(at), now, t.language, timeZone)}
    </time>
  );
  // Most devices count nothing; a column of nothing would push what matters out of sight.
  const counted = rows.some((row) => row.sequence !== null);
  return (
    <Table
      caption={t.deviceView.heartbeats}
      columns={[
        { key: 'received', label: t.deviceView.received },
        { key: 'status', label: t.deviceView.status },
        { key: 'notes', label: t.deviceView.notes },
        { key: 'skew', label: t.deviceView.skew },
        { key: 'sent', label: t.deviceView.sent },
        { key: 'version', label: t.deviceView.version },
        ...(counted ? [{ key: 'sequence', label: t.deviceView.sequence, numeric: true }] : []),
      ]}
      rows={rows.map((row, index) => ({
        id: `${row.at} ${row.sequence ?? ''} ${row.sent_at ?? ''} ${index}`,
        cells: [
          moment(row.at),
          row.status,
          <Notes key="notes" notes={notesOf(row, rows[index + 1], pace)} />,
          <span key="skew" className="whitespace-nowrap">
            {skewWords(row.skew_ms)}
          </span>,
          row.sent_at === null ? t.deviceView.notSaid : moment(row.sent_at),
          row.app_version ?? '',
          ...(counted ? [row.sequence ?? ''] : []),
        ],
      }))}
    />
  );
}

function Notes({ notes }: { notes: readonly HeartbeatNote[] }) {
  if (notes.length === 0) return null;
  return <span className="font-medium text-attention">{notes.map(wordsOf).join(', ')}</span>;
}

function wordsOf(note: HeartbeatNote): string {
  const words = t.deviceView.note;
  switch (note.kind) {
    case 'silence':
      return words.silence(formatDuration(note.ms));
    case 'missing':
      return words.missing(note.count);
    case 'clock':
      return words.clock(formatDuration(Math.abs(note.skewMs)), note.skewMs > 0);
    case 'clock_moved':
      return words.clock_moved(formatDuration(Math.abs(note.byMs)), note.byMs > 0);
    case 'repeated':
    case 'out_of_order':
    case 'restarted':
      return words[note.kind];
  }
}

function skewWords(skewMs: number | null): string {
  if (skewMs === null) return t.deviceView.notSaid;
  if (Math.abs(skewMs) < skewMsMin) return t.deviceView.skewAgrees;
  const duration = formatDuration(Math.abs(skewMs));
  return skewMs > 0 ? t.device.skewAhead(duration) : t.device.skewBehind(duration);
}
