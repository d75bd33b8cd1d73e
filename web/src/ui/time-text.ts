const units = [
  { names: ['d'], ms: 86_400_000, short: 'd' },
  { names: ['h'], ms: 3_600_000, short: 'h' },
  { names: ['m', 'min'], ms: 60_000, short: 'm' },
  { names: ['s'], ms: 1_000, short: 's' },
] as const;

function unitOf(name: string) {
  return units.find((unit) => unit.names.some((each) => each === name));
}

/** How long a unit of a schema lasts; undefined: it is no unit of time. */
export function unitMs(name: string): number | undefined {
  return unitOf(name)?.ms;
}

/** 120 of `s` is "2m": the largest unit in which it is a whole number. */
export function timeText(value: number, unit: string): string {
  const ms = value * (unitMs(unit) ?? 1);
  if (ms === 0) return `0${unitOf(unit)?.short ?? ''}`;
  const fits = units.find((each) => Number.isInteger(ms / each.ms)) ?? unitOf(unit);
  return fits === undefined ? String(value) : `${ms / fits.ms}${fits.short}`;
}

const pattern = /^(\d+(?:[.,]\d+)?)\s*(d|h|min|m|s)?$/i;

/** "5m", "90 s", "1.5h" in the field's own unit, which a bare number is taken to be in. */
export function readTimeText(text: string, unit: string): number | undefined {
  const [, amount, name = unit] = pattern.exec(text.trim()) ?? [];
  const ms = unitMs(name.toLowerCase());
  const own = unitMs(unit);
  if (amount === undefined || ms === undefined || own === undefined) return undefined;
  // Thousandths are as fine as any limit is; the division would leave dust behind.
  return Math.round((Number(amount.replace(',', '.')) * ms * 1_000) / own) / 1_000;
}
