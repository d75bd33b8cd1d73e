import type { Alert } from '@watchkeeper/contracts/alerting';
import type { HistoryPoint } from '@watchkeeper/contracts/telemetry';
import { hourMs, minuteMs, secondMs } from '../../lib/time';
import { type Series, seriesOf } from '../telemetry/series';
import { conditionOf } from './details';

/** What an alert was judged by, where the device's own history holds it. */
export interface Signal {
  /** A figure of the heartbeats; undefined: the silence between them. */
  metric: string | undefined;
  limit: number;
}

export function signalOf(alert: Pick<Alert, 'kind' | 'details' | 'device'>): Signal | undefined {
  if (alert.device === null) return undefined;
  if (alert.kind === 'absence') {
    const limit = alert.details.limit_seconds;
    return typeof limit === 'number' ? { metric: undefined, limit } : undefined;
  }
  const condition = conditionOf(alert.details);
  return condition === undefined ? undefined : { metric: condition.metric, limit: condition.threshold };
}

/** Enough of before and after to see it come and go. */
const marginMsMin = 30 * minuteMs;
const marginMsMax = 12 * hourMs;
/** Of an alert that stays open for weeks, the beginning is what explains it. */
const shownMsMax = 14 * 24 * hourMs;
/** The window moves in steps, so that each tick of the clock is not a new request. */
const stepMs = 5 * minuteMs;

export interface SignalWindow {
  from: number;
  to: number;
}

export function windowOf(alert: Pick<Alert, 'opened_at' | 'resolved_at'>, now: number): SignalWindow {
  const opened = Date.parse(alert.opened_at);
  const over = alert.resolved_at === null ? now : Date.parse(alert.resolved_at);
  const margin = Math.min(Math.max((over - opened) / 2, marginMsMin), marginMsMax);
  const from = Math.floor((opened - margin) / stepMs) * stepMs;
  const end = alert.resolved_at === null ? Math.ceil(now / stepMs) * stepMs : over + margin;
  const to = Math.min(end, Math.ceil(now / stepMs) * stepMs, from + shownMsMax);
  return { from, to };
}

/** How long nothing had been heard, at every moment: it grows until the next heartbeat. */
export function silenceSeries(points: readonly HistoryPoint[], until: number): Series {
  const beats = points.map((point) => Date.parse(point.at) / secondMs).sort((a, b) => a - b);
  const series: Series = { times: [], values: [] };
  for (const [index, beat] of beats.entries()) {
    const before = beats[index - 1];
    if (before !== undefined && beat > before) {
      series.times.push(beat - 0.001);
      series.values.push(beat - before);
    }
    series.times.push(beat);
    series.values.push(0);
  }
  const last = beats.at(-1);
  const end = until / secondMs;
  if (last !== undefined && end > last) {
    series.times.push(end);
    series.values.push(end - last);
  }
  return series;
}

export function signalSeries(signal: Signal, points: readonly HistoryPoint[], until: number): Series {
  return signal.metric === undefined ? silenceSeries(points, until) : seriesOf(points, signal.metric);
}
