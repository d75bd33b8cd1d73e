import { readdirSync, readFileSync } from 'node:fs';

/** /proc counts in hundredths of a second on every Linux that Node supports. */
const tickMicroseconds = 10_000;

interface ProcessTimes {
  readonly parent: string;
  readonly own: number;
  /** The time of children that have ended. */
  readonly ended: number;
}

/** CPU time of a process and its children in microseconds; undefined where there is no /proc. */
export function treeCpu(root: number): number | undefined {
  const top = timesOf(String(root));
  if (top === undefined) return undefined;
  let sum = top.own + top.ended;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const times = timesOf(name);
    if (times?.parent === String(root)) sum += times.own;
  }
  return sum;
}

function timesOf(pid: string): ProcessTimes | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is a name in parentheses and may contain anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (index: number) => Number(fields[index] ?? 0) * tickMicroseconds;
  return { parent: fields[1] ?? '', own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) };
}
