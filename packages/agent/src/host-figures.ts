/** Figures of this machine. A value that cannot be read is undefined, never zero. */
export interface HostFigures {
  /** Per cent, since the previous call. The first time, since the machine started. */
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  /** Per cent of the fullest real file system. */
  readonly disk: number | undefined;
  /** Bytes per second since the previous call; undefined the first time. */
  readonly received: number | undefined;
  readonly sent: number | undefined;
}

/** Values that are not read within this time are left out, so that a hanging disk does not delay the heartbeat. */
const readMs = 10_000;

export async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), readMs);
  });
  try {
    return await Promise.race([work.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
