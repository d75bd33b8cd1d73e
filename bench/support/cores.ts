import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A core for the server that is measured, the others for its database and the load. Left alone on a virtual
 * machine of two cores, whoever the server wakes was seen to interrupt it, beside a core that idled.
 */
export interface Apart {
  /** Moves a running process with all its threads to the server's core. */
  placeServer(pid: number): void;
  /** This process may run everywhere again. */
  end(): void;
}

/**
 * From now on, new child processes stay off the server's core. @returns undefined when cores cannot be
 * chosen
 */
export function keepApart(): Apart | undefined {
  const all = allowedCores();
  const [first, ...others] = all;
  if (first === undefined || others.length === 0) return undefined;
  try {
    place(process.pid, others);
  } catch {
    return undefined;
  }
  return {
    placeServer: (pid) => place(pid, [first]),
    end: () => place(process.pid, all),
  };
}

function place(pid: number, cores: readonly number[]): void {
  execFileSync('taskset', ['-a', '-c', '-p', cores.join(','), String(pid)], { stdio: 'ignore' });
}

/** Numbers of the cores that this process may use, e.g. from "0-1,4"; none where there is no /proc. */
function allowedCores(): number[] {
  let status: string;
  try {
    status = readFileSync('/proc/self/status', 'latin1');
  } catch {
    return [];
  }
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
