/** How often this process measures its own delay. */
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
 * How long this process has been blocked in all, in milliseconds. While its event loop was blocked, it read nothing.
 * The difference of two readings is the blocked part of the time between them.
 */
export function ownTimeLost(): number {
  return lostMs + Math.max(0, performance.now() - pulsedAt - pulseMs);
}
