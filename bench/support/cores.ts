import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * One core for the measured server, the others for its database and the load. Without this, on a virtual machine with
 * two cores, processes that the server woke were seen to interrupt it while the other core was idle.
 */
export interface Apart {
  /** Moves a running process with all its threads to the server's core. */
  placeServer(pid: number): void;
  /** Allows this process all cores again. */
  end(): void;
}

/** From now on, new child processes stay off the server's core. @returns undefined when cores cannot be chosen */
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

/** The numbers of the cores that this process may use, e.g. from "0-1,4". Empty where there is no /proc. */
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
