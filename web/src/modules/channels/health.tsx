import type { ListedChannel } from '@watchkeeper/contracts/notifications';
import { t } from '../../messages';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';

/** The result of the last message: never green before something arrived. */
export function Health({ channel: { last_result: last } }: { channel: ListedChannel }) {
  if (last === null) return <State tone="unknown">{t.channel.untried}</State>;
  return (
    <div className="min-w-0 text-1">
      <State tone={last.status === 'sent' ? 'ok' : 'problem'}>
        {last.status === 'sent' ? t.channel.healthy : t.channel.failing}
      </State>{' '}
      <span className="text-ink-3">
        <Ago at={last.at} language={t.language} />
      </span>
      {last.status === 'failed' && last.reason !== null ? <p className="text-ink-2">{last.reason}</p> : null}
    </div>
  );
}
