export const backtestRanges = ['1', '7', '30'] as const;
export type BacktestRange = (typeof backtestRanges)[number];

export function rangeFrom(text: string | undefined): BacktestRange {
  return backtestRanges.find((range) => range === text) ?? '7';
}
