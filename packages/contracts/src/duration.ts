const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** `90`, `"90s"`, `"1.5m"`, `"1h"` as seconds. @throws RangeError for text that the Duration schema refuses. */
export function durationSeconds(duration: number | string): number {
  if (typeof duration === 'number') return duration;
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)?$/.exec(duration);
  const unit = unitSeconds[match?.[2] ?? 's'];
  if (match?.[1] === undefined || unit === undefined)
    throw new RangeError(`"${duration}" is not a duration.`);
  return Number(match[1]) * unit;
}
