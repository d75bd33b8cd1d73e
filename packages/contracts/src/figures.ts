/** How exactly a value is written: 0 as people say it, each further step more exactly. */
export type Detail = number;

const significantMin = 3;

/** At most three significant digits or one decimal, no trailing zeros; in more detail one digit more for each step. */
export function numberWords(value: number, detail: Detail = 0): string {
  if (Number.isInteger(value)) return String(value);
  const whole = Math.trunc(Math.abs(value)).toString().length;
  return String(Number(value.toPrecision(Math.min(100, Math.max(significantMin, whole + 1) + detail))));
}

const units = [
  { short: 'd', long: 'day', seconds: 86_400 },
  { short: 'h', long: 'hour', seconds: 3_600 },
  { short: 'min', long: 'minute', seconds: 60 },
  { short: 's', long: 'second', seconds: 1 },
] as const;
/** "2 h 5 min" says enough; the seconds of a long time are noise. */
const unitsShownMax = 2;

/** The two largest units of whole seconds, side by side: 1 h 5 s is 1 h. */
function largestUnits(seconds: number) {
  const first = units.findIndex((unit) => seconds >= unit.seconds);
  if (first === -1) return [];
  let rest = seconds;
  return units.slice(first, first + unitsShownMax).flatMap((unit) => {
    const count = Math.floor(rest / unit.seconds);
    rest -= count * unit.seconds;
    return count === 0 ? [] : [{ count, unit }];
  });
}

/**
 * `95` seconds as "1 min 35 s": at most two units, rounded down to the smaller; below 10 s with decimals. In
 * more detail all units come, then decimals of seconds: "1 h 0.25 s".
 */
export function durationWords(seconds: number, detail: Detail = 0): string {
  if (seconds < 0) return `-${durationWords(-seconds, detail)}`;
  if (seconds < 10 && !Number.isInteger(seconds)) return `${numberWords(seconds, detail)} s`;
  if (detail > 0) return everyUnit(seconds, detail);
  const parts = largestUnits(Math.floor(seconds)).map(({ count, unit }) => `${count} ${unit.short}`);
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

function everyUnit(seconds: number, detail: Detail): string {
  const digits = 10 ** detail;
  const parts: string[] = [];
  let rest = seconds;
  for (const unit of units) {
    // A billionth more or less is how the machine writes decimals, not what was measured.
    const exact = unit.short === 's' ? (Math.round(rest * 1e9) / 1e9) * digits : rest / unit.seconds;
    const count = unit.short === 's' ? Math.floor(exact) / digits : Math.floor(exact);
    rest -= count * unit.seconds;
    if (count > 0) parts.push(`${count} ${unit.short}`);
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** `7500` seconds as "2 hours 5 minutes", for running text; whole seconds, at most two units. */
export function longDuration(seconds: number): string {
  const parts = largestUnits(Math.max(0, Math.round(seconds))).map(
    ({ count, unit }) => `${count} ${unit.long}${count === 1 ? '' : 's'}`,
  );
  return parts.length === 0 ? 'less than a second' : parts.join(' ');
}

/** An age in one unit, rounded: 119 s, 7 min, 3 h, 2 d. A unit is used from two of it on. */
export function roughDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
