const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Enough time before and after to see how the alert came and went. */
const marginMsMin = 30 * minuteMs;
const marginMsMax = 12 * hourMs;
/** For an alert that stays open for weeks, the beginning explains most. */
const shownMsMax = 14 * 24 * hourMs;
/** As many steps as a chart has room for. */
const stepsMax = 240;
const secondsOfSteps = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600],
];

export interface SignalWindow {
  readonly from: Date;
  readonly to: Date;
  readonly stepMs: number;
  readonly steps: number;
}

/** The given span in equal steps that begin at multiples of a step. */
export function inSteps(fromMs: number, toMs: number): SignalWindow {
  const seconds = secondsOfSteps.find((each) => (toMs - fromMs) / (each * 1_000) <= stepsMax);
  const stepMs = (seconds ?? Math.ceil((toMs - fromMs) / stepsMax / 1_000)) * 1_000;
  const from = Math.floor(fromMs / stepMs) * stepMs;
  const steps = Math.max(1, Math.ceil((toMs - from) / stepMs));
  return { from: new Date(from), to: new Date(from + steps * stepMs), stepMs, steps };
}

/** The time around an alert, so that its beginning and end are visible. Never beyond now. */
export function windowOfAlert(
  alert: { opened_at: Date; resolved_at: Date | null },
  now: Date,
  contextMs: number,
): SignalWindow {
  const opened = alert.opened_at.getTime();
  const over = alert.resolved_at?.getTime() ?? now.getTime();
  const margin = Math.min(Math.max((over - opened) / 2, marginMsMin), marginMsMax);
  const from = opened - Math.max(margin, contextMs);
  const end = alert.resolved_at === null ? now.getTime() : Math.min(over + margin, now.getTime());
  return inSteps(from, Math.max(Math.min(end, from + shownMsMax), opened + minuteMs));
}
