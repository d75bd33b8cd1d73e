/** The heart of this process is felt at this pace. */
const pulseMs = 100;

let lostMs = 0;
let pulsedAt = performance.now();

function pulse(): void {
  const now = performance.now();
  lostMs += Math.max(0, now - pulsedAt - pulseMs);
  pulsedAt = now;
}

setInterval(pulse, pulseMs).unref();

/**
 * How long this process has stood still in all, in milliseconds: while its loop was held, nothing that came in was
 * read. Two readings tell what is its own part of a time that somebody else had.
 */
export function ownTimeLost(): number {
  return lostMs + Math.max(0, performance.now() - pulsedAt - pulseMs);
}
