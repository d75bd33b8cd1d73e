import { useMutation } from '@tanstack/react-query';
import type { Backtest, RuleBody } from '@watchkeeper/contracts/rules';
import { useState } from 'react';
import { api } from '../../api/client';
import { answered, messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Choice } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { BacktestView } from './backtest-view';
import { type BacktestRange, backtestRanges } from './ranges';

interface TrialPanelProps {
  body: Omit<RuleBody, 'enabled'>;
  isComplete: boolean;
  onIncomplete: () => void;
}

/** Tries the settings of the form on the past, before anything is saved. */
export function TrialPanel({ body, isComplete, onIncomplete }: TrialPanelProps) {
  const { org } = useOrg();
  const [days, setDays] = useState<BacktestRange>('7');
  const trial = useMutation({
    mutationFn: ({ range }: { range: BacktestRange }) => {
      const { kind, config, auto_resolve = true, cooldown = 0, site = null, device_type = null } = body;
      return answered<Backtest>(
        api.POST('/api/v1/{org}/rules/backtest', {
          params: { path: { org } },
          body: { kind, config, auto_resolve, cooldown, site, device_type, days: Number(range) },
        }),
      );
    },
  });
  const [incomplete, setIncomplete] = useState(false);

  function run(range: BacktestRange): void {
    setIncomplete(!isComplete);
    if (isComplete) trial.mutate({ range });
    else onIncomplete();
  }

  return (
    <Panel
      title={t.backtest.title}
      aside={
        <Choice
          label={t.backtest.days}
          hideLabel
          options={backtestRanges.map((value) => ({ value, label: t.backtest.range[value] }))}
          value={days}
          onChange={(range) => {
            setDays(range);
            if (trial.data !== undefined) run(range);
          }}
        />
      }
      className="xl:sticky xl:top-6"
    >
      <p className="mb-4 text-2 text-ink-2">{t.backtest.lead}</p>
      <Button busy={trial.isPending} onClick={() => run(days)}>
        {trial.data === undefined ? t.backtest.run : t.backtest.again}
      </Button>
      {incomplete && !isComplete ? (
        <p role="alert" className="mt-3 text-1 font-medium text-problem">
          {t.backtest.fixFirst}
        </p>
      ) : null}
      {trial.error === null ? null : (
        <Notice tone="attention" role="alert" className="mt-4">
          {messageOf(trial.error)}
        </Notice>
      )}
      {trial.data === undefined ? null : (
        <div className="mt-5">
          <BacktestView backtest={trial.data} />
        </div>
      )}
    </Panel>
  );
}
