import { useQuery } from '@tanstack/react-query';
import type { Notification } from '@watchkeeper/contracts/notifications';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { LoadFailed } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { asideLinkClass } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Log } from '../../ui/log';
import { At } from '../../ui/moment';
import { SkeletonRows } from '../../ui/skeleton';
import type { Tone } from '../../ui/tone';
import { ledgerQuery } from './queries';

const tone: Record<Notification['status'], Tone> = {
  sent: 'ok',
  pending: 'unknown',
  not_sent: 'unknown',
  failed: 'problem',
};

/** Both halves of the truth: who was told, and who was not and why. */
export function Told({ alert, zone }: { alert: string; zone: string | undefined }) {
  const { org } = useOrg();
  const ledger = useQuery(ledgerQuery(org, alert));

  if (ledger.data === undefined) {
    return (
      <Panel title={t.alert.told}>
        {ledger.error === null ? (
          <SkeletonRows label={t.state.loading} rows={2} />
        ) : (
          <LoadFailed error={ledger.error} busy={ledger.isFetching} onRetry={() => void ledger.refetch()} />
        )}
      </Panel>
    );
  }
  const rows = ledger.data.data;
  const told = rows.filter((row) => row.status === 'sent' || row.status === 'pending');
  const notTold = rows.filter((row) => row.status === 'not_sent' || row.status === 'failed');
  return (
    <>
      <Panel title={t.alert.told} aside={rows.length === 0 ? undefined : <ToLedger alert={alert} />}>
        {told.length === 0 ? (
          <p className="text-ink-2">{rows.length === 0 ? t.alert.noLedger : t.alert.toldNobody}</p>
        ) : (
          <Ledger rows={told} zone={zone} />
        )}
      </Panel>
      {notTold.length === 0 ? null : (
        <Panel title={t.alert.notTold}>
          <Ledger rows={notTold} zone={zone} />
        </Panel>
      )}
    </>
  );
}

function ToLedger({ alert }: { alert: string }) {
  const { org } = useOrg();
  return (
    <AppLink to={paths.ledger({ org, alert })} className={asideLinkClass}>
      {t.alert.inLedger}
    </AppLink>
  );
}

function Ledger({ rows, zone }: { rows: readonly Notification[]; zone: string | undefined }) {
  return (
    <Log
      entries={rows.map((row) => ({
        id: row.id,
        time: <At at={row.settled_at ?? row.created_at} language={t.language} zone={zone} />,
        tone: tone[row.status],
        text: <LedgerText row={row} />,
        note: t.ledgerTransition[row.transition] ?? row.transition,
      }))}
    />
  );
}

function LedgerText({ row }: { row: Notification }) {
  const together = row.message?.told_together ?? 1;
  const whom = row.channel_name === null ? row.recipient : t.alert.toldBy(row.recipient, row.channel_name);
  const details = [
    row.status === 'pending' || row.status === 'failed' ? t.alert.notification[row.status] : undefined,
    row.reason ?? undefined,
    row.status === 'pending' && row.message !== null && row.message.attempts > 0
      ? t.alert.attempts(row.message.attempts)
      : undefined,
    together > 1 ? t.alert.together(together) : undefined,
  ].filter((detail) => detail !== undefined);
  return (
    <>
      {whom === '' ? null : <span className="font-medium">{whom}</span>}
      {details.length === 0 ? null : (
        <span className="text-ink-2">
          {whom === '' ? '' : ' · '}
          {details.join(', ')}
        </span>
      )}
    </>
  );
}
