const secondMs = 1_000;

export interface Steps {
  /** Seconds since 1970, one for each step of the span. */
  times: number[];
  /** null: nothing was measured then. */
  values: (number | null)[];
}

interface Span {
  from: string;
  to: string;
  step_seconds: number;
}

/** Points on the grid of their span, so that a time without measurements is a gap in the line. */
export function onGrid(span: Span, points: readonly { at: string; value: number }[]): Steps {
  const from = Date.parse(span.from) / secondMs;
  const count = Math.max(1, Math.floor((Date.parse(span.to) / secondMs - from) / span.step_seconds) + 1);
  const values: (number | null)[] = Array.from({ length: count }, () => null);
  for (const { at, value } of points) {
    const step = Math.floor((Date.parse(at) / secondMs - from) / span.step_seconds);
    if (step >= 0 && step < count) values[step] = value;
  }
  return { times: values.map((_, step) => from + step * span.step_seconds), values };
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** The largest unit in which the figure is at least one: one unit for a whole chart. */
export function byteScale(largest: number): { divisor: number; unit: string } {
  let power = 0;
  while (power < units.length - 1 && largest >= 1_000 ** (power + 1)) power += 1;
  return { divisor: 1_000 ** power, unit: units[power] ?? 'B' };
}

export function bytesText(bytes: number, language: string): string {
  const { divisor, unit } = byteScale(bytes);
  return `${new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(bytes / divisor)}\u00a0${unit}`;
}
