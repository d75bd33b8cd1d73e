import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';

/** Where the verdict comes from, and how old that is. */
export function SourcesPanel({ state }: { state: DeviceState }) {
  const { source } = state;
  return (
    <Panel title={t.deviceView.sources}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span>
          {t.deviceView.sourceHeartbeat}
          {source.last_seen_at === null ? null : (
            <span className="text-ink-2">
              , <Ago at={source.last_seen_at} language={t.language} />
            </span>
          )}
        </span>
        {source.last_seen_at === null ? (
          <State tone="unknown">{t.deviceView.sourceNever}</State>
        ) : (
          <State tone={source.fresh ? 'ok' : 'attention'}>
            {source.fresh ? t.deviceView.sourceFresh : t.deviceView.sourceStale}
          </State>
        )}
      </div>
      {state.next_expected_at === null || !source.fresh ? null : (
        <p className="mt-1 text-1 text-ink-3">
          <Ago at={state.next_expected_at} language={t.language}>
            {t.deviceView.nextExpected}
          </Ago>
        </p>
      )}
    </Panel>
  );
}
