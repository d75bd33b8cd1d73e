/** One measured figure. With `target` and `pass` if the project promises a limit. */
export interface BenchResult {
  name: string;
  value: number;
  unit: string;
  target?: string;
  pass?: boolean;
  note?: string;
}
