import { useMutation } from '@tanstack/react-query';
import type { ChannelTest } from '@watchkeeper/contracts/notifications';
import { api } from '../../api/client';
import { answered, messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { serverNow } from '../../lib/clock';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { Notice } from '../../ui/notice';
import type { Tone } from '../../ui/tone';

type Result = ChannelTest['results'][number];

const tone: Record<Result['outcome'], Tone> = { sent: 'ok', retry: 'attention', permanent: 'problem' };

/** Sends for real; the other side's own words stay on the page until the next test. */
export function TestPanel({ channel }: { channel: string }) {
  const { org } = useOrg();
  const test = useMutation({
    mutationFn: async () => {
      const path = { org, id: channel };
      const answer = await answered<ChannelTest>(
        api.POST('/api/v1/{org}/channels/{id}/test', { params: { path } }),
      );
      return { ...answer, at: new Date(serverNow()).toISOString() };
    },
  });
  return (
    <Panel
      title={t.channel.testTitle}
      aside={
        test.data === undefined ? undefined : (
          <span className="text-1 text-ink-3">
            <Ago at={test.data.at} language={t.language}>
              {t.channel.testAt}
            </Ago>
          </span>
        )
      }
    >
      <p className="mb-4 text-2 text-ink-2">{t.channel.testLead}</p>
      <Button busy={test.isPending} onClick={() => test.mutate()}>
        {t.channel.test}
      </Button>
      <div role="status" className="mt-4 empty:hidden">
        {test.data === undefined ? null : <Results test={test.data} />}
      </div>
      {test.error === null ? null : (
        <Notice tone="attention" role="alert" className="mt-4">
          {messageOf(test.error)}
        </Notice>
      )}
    </Panel>
  );
}

function Results({ test }: { test: ChannelTest }) {
  if (test.results.length === 0) return <State tone="problem">{test.reason}</State>;
  return (
    <ul>
      {test.results.map((result) => (
        <li key={result.recipient} className="border-b border-line py-3 first:pt-0 last:border-b-0 last:pb-0">
          <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <State tone={tone[result.outcome]}>{t.channel.testOutcome[result.outcome]}</State>
            <span className="font-medium break-all">{result.recipient}</span>
            <span className="text-1 text-ink-3">
              {[
                result.status === undefined ? undefined : t.channel.testStatus(result.status),
                t.channel.testTook(result.duration_ms),
              ]
                .filter((part) => part !== undefined)
                .join(' · ')}
            </span>
          </p>
          {result.reason === undefined ? null : <p className="text-2">{result.reason}</p>}
          <p className="mt-1 text-1 text-ink-3">{t.channel.answer}</p>
          <pre className="mt-0.5 rounded-2 border border-line bg-sunken px-3 py-2 font-mono text-1 break-all whitespace-pre-wrap">
            {result.detail ?? t.channel.noAnswer}
          </pre>
        </li>
      ))}
    </ul>
  );
}
