import { useQuery } from '@tanstack/react-query';
import type { OwnService, ServiceStatus, SystemHealth } from '@watchkeeper/contracts/operations';
import { useState } from 'react';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { formatDuration, formatExact, secondMs } from '../../lib/time';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { State } from '../../ui/mark';
import { Lasting } from '../../ui/moment';
import { Skeleton } from '../../ui/skeleton';
import { Table } from '../../ui/table';
import type { Tone } from '../../ui/tone';
import { serviceQuery } from './queries';

export const toneOfService: Record<ServiceStatus, Tone> = { pass: 'ok', warn: 'attention', fail: 'problem' };
const historyRowsMax = 50;

/** Watchkeeper's own services; each opens to what it was before. */
export function ServicesPanel({ services, hours }: { services: readonly OwnService[]; hours: number }) {
  return (
    <Panel title={t.system.services}>
      <ul className="divide-y divide-line">
        {services.map((service) => (
          <li key={service.service} className="py-2.5 first:pt-0 last:pb-0">
            <ServiceRow service={service} hours={hours} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function ServiceRow({ service, hours }: { service: OwnService; hours: number }) {
  const [open, setOpen] = useState(false);
  const { status, observed_value: value, observed_unit: unit } = service;
  const words = t.system.service[service.service];
  const figure = new Intl.NumberFormat(t.language, { maximumFractionDigits: 1 });
  const said = (value: number) =>
    service.service === 'intake' ? formatDuration(value * secondMs) : figure.format(value);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex flex-wrap items-center gap-x-4 gap-y-1 max-sm:min-h-11">
        <span className="min-w-44 font-medium">{words.title}</span>
        <State tone={toneOfService[status]}>{t.system.serviceStatus[status]}</State>
        <span className="min-w-0 flex-1 basis-40 text-1 text-ink-2">
          {service.output ?? (value === null ? '' : words.observed(said(value), unit ?? ''))}
        </span>
        {service.since === null ? null : (
          <span className="text-1 text-ink-3 tabular-nums">
            <Lasting at={service.since} language={t.language} coarse>
              {(duration) => t.system.sinceFor(duration)}
            </Lasting>
          </span>
        )}
      </summary>
      {open ? <History service={service.service} label={words.title} hours={hours} /> : null}
    </details>
  );
}

function History({ service, label, hours }: { service: string; label: string; hours: number }) {
  const { org } = useOrg();
  const health = useQuery(serviceQuery(org, service, hours));
  return (
    <div className="mt-3 mb-2">
      <Loaded query={health} loading={<Skeleton className="h-24" />}>
        {(data) => <HistoryView health={data} label={label} />}
      </Loaded>
    </div>
  );
}

function HistoryView({ health, label }: { health: SystemHealth; label: string }) {
  const percent = new Intl.NumberFormat(t.language, { maximumFractionDigits: 4 });
  return (
    <div className="grid gap-3">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        {health.uptime.map((part) => (
          <div key={part.window} className="flex flex-col-reverse">
            <dt className="text-1 text-ink-3">{t.system.uptimeOver[part.window]}</dt>
            <dd className="font-semibold tabular-nums">
              {part.available_percent === null
                ? t.system.unknown
                : `${percent.format(part.available_percent)} %`}
            </dd>
          </div>
        ))}
      </dl>
      <p className="max-w-[70ch] text-1 text-ink-3">{t.system.serviceFormula}</p>
      <Table
        caption={t.system.historyOf(label)}
        columns={[
          { key: 'from', label: t.system.from },
          { key: 'status', label: t.system.status },
          { key: 'why', label: t.system.why },
        ]}
        rows={health.history
          .slice(-historyRowsMax)
          .toReversed()
          .map((span) => ({
            id: span.from,
            cells: [
              formatExact(Date.parse(span.from), t.language),
              span.status === null ? (
                <State key="state" tone="unknown">
                  {t.system.nobodyLooked}
                </State>
              ) : (
                <State key="state" tone={toneOfService[span.status]}>
                  {t.system.serviceStatus[span.status]}
                </State>
              ),
              span.output ?? '',
            ],
          }))}
      />
    </div>
  );
}
