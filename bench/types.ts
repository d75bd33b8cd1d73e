/** One measured figure. `target` with `pass` where the project promises a bound. */
export interface BenchResult {
  name: string;
  value: number;
  unit: string;
  target?: string;
  pass?: boolean;
  note?: string;
}
