import { useQuery } from '@tanstack/react-query';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { deviceQuery } from '../../api/queries/inventory';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { outer } from '../../base';
import { formatDuration, secondMs } from '../../lib/time';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Card, Panel } from '../../ui/card';
import { type Fact, Facts } from '../../ui/facts';
import { At } from '../../ui/moment';
import { figureOf } from '../telemetry/figures';
import { Handout } from './handout-panel';

export function LastValues({ state }: { state: DeviceState }) {
  const figure = new Intl.NumberFormat(t.language, { maximumFractionDigits: 2 });
  const all = { ...state.values, ...state.metrics };
  const facts: Fact[] = Object.entries(all).flatMap(([name, value]) => {
    if (value === null) return [];
    const { label, unit } = figureOf(name);
    return [{ label, value: `${figure.format(value)} ${unit}`.trim() }];
  });
  return (
    <Panel title={t.device.values}>
      {facts.length === 0 ? <p className="text-ink-2">{t.device.noValues}</p> : <Facts facts={facts} />}
    </Panel>
  );
}

/** Clocks this close agree for every purpose of ours. */
const skewMsMin = 2 * secondMs;

function skewText(skewMs: number): string {
  if (Math.abs(skewMs) < skewMsMin) return t.device.skewNone;
  const duration = formatDuration(Math.abs(skewMs));
  return skewMs > 0 ? t.device.skewAhead(duration) : t.device.skewBehind(duration);
}

export function AboutDevice({ state }: { state: DeviceState }) {
  const { org } = useOrg();
  const { data: device } = useQuery(deviceQuery(org, state.device_id));
  const facts: Fact[] = [
    { label: t.device.slug, value: <code className="font-mono text-1">{state.device_id}</code> },
    { label: t.device.type, value: state.type ?? t.device.noType },
  ];
  if (state.app_version !== null) facts.push({ label: t.device.appVersion, value: state.app_version });
  if (state.skew_ms !== null) facts.push({ label: t.device.skew, value: skewText(state.skew_ms) });
  if (state.sequence !== null) facts.push({ label: t.device.sequence, value: state.sequence });
  if (device !== undefined) {
    if (device.depends_on.length > 0)
      facts.push({ label: t.device.dependsOn, value: <Parents slugs={device.depends_on} /> });
    facts.push({
      label: t.device.created,
      value: device.provisioned ? t.device.provisioned : <At at={device.created_at} language={t.language} />,
    });
  }
  return (
    <Panel title={t.device.about}>
      <Facts facts={facts} />
    </Panel>
  );
}

function Parents({ slugs }: { slugs: readonly string[] }) {
  const { org } = useOrg();
  return slugs.map((slug, index) => (
    <span key={slug}>
      {index === 0 ? '' : ', '}
      <AppLink to={paths.device({ org, device: slug })} className="text-accent hover:underline">
        {slug}
      </AppLink>
    </span>
  ));
}

/** Folded for a device that reports by itself: it is there for the day when it does not. */
export function SendByHand({ state, folded = false }: { state: DeviceState; folded?: boolean }) {
  const how = (
    <>
      <p className="mb-3 text-ink-2">{t.device.sendText}</p>
      <Handout
        url={location.origin + outer('/heartbeat')}
        token="TOKEN"
        device={state.device_id}
        org={state.tenant_id}
        site={state.store_id}
      />
    </>
  );
  if (!folded) return <Panel title={t.device.sendTitle}>{how}</Panel>;
  return (
    <Card className="px-4 sm:px-6 print:hidden">
      <details>
        <summary className="py-3.5 text-1 font-semibold text-ink-2">{t.device.sendTitle}</summary>
        <div className="pb-5">{how}</div>
      </details>
    </Card>
  );
}
