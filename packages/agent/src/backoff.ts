const firstMs = 1_000;
/** A server that came back hears from every agent within this. */
const passingMsMax = 60_000;
/** A wrong token or name does not mend itself. */
const refusedMs = 300_000;

/** Waits after failures in a row: doubling, jittered over the upper half, never shorter than the server asked. */
export function waitAfter(
  failures: number,
  options: { refused: boolean; retryAfterMs?: number | undefined; random?: () => number },
): number {
  const random = options.random ?? Math.random;
  const full = options.refused ? refusedMs : Math.min(passingMsMax, firstMs * 2 ** Math.max(0, failures - 1));
  const jittered = full * (0.5 + random() / 2);
  return Math.max(jittered, Math.min(options.retryAfterMs ?? 0, refusedMs));
}
