const firstMs = 1_000;
/** The longest wait: after an outage, every agent reaches the server again within this time. */
const passingMsMax = 60_000;
/** A wrong token or name must be corrected by a person, so wait longer. */
const refusedMs = 300_000;

/**
 * The wait after some failures in a row: doubled each time, random in its upper half, never shorter than the server
 * asked for.
 */
export function waitAfter(
  failures: number,
  options: { refused: boolean; retryAfterMs?: number | undefined; random?: () => number },
): number {
  const random = options.random ?? Math.random;
  const full = options.refused ? refusedMs : Math.min(passingMsMax, firstMs * 2 ** Math.max(0, failures - 1));
  const jittered = full * (0.5 + random() / 2);
  return Math.max(jittered, Math.min(options.retryAfterMs ?? 0, refusedMs));
}
