export const systemRanges = ['1h', '24h', '7d', '30d'] as const;
export type SystemRange = (typeof systemRanges)[number];

const hours: Record<SystemRange, number> = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 };

export function systemRangeFrom(text: string | undefined): SystemRange {
  return systemRanges.find((range) => range === text) ?? '1h';
}

export function hoursOf(range: SystemRange): number {
  return hours[range];
}
