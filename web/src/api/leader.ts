/**
 * One page of this browser talks to the server for all the others. A page asks to lead, is told when it
 * does, and leads until it stops or is closed. Then the next one in line takes over at once.
 */
export interface Election {
  /** False when each page leads for itself: then no other page must be told. */
  readonly isShared: boolean;
  /** Takes its place in line; `lead` runs once it is first. */
  stand(lead: () => void): void;
  /** Gives up the lead or the place in line. */
  leave(): void;
  /** Takes the lead from a page that no longer speaks. */
  seize(lead: () => void): void;
}

/** By the browser's own locks, which a closed or crashed page lets go of. */
function byLocks(name: string, locks: LockManager): Election {
  let release: (() => void) | undefined;
  let abort = new AbortController();

  function ask(options: LockOptions, lead: () => void): void {
    leave();
    abort = new AbortController();
    const { signal } = abort;
    locks
      // `steal` and `signal` exclude each other.
      .request(name, options.steal === true ? options : { ...options, signal }, () => {
        if (signal.aborted) return undefined;
        return new Promise<void>((resolve) => {
          release = resolve;
          lead();
        });
      })
      // Left while in line, or the lead was seized: somebody else speaks now.
      .catch(() => undefined);
  }
  function leave(): void {
    abort.abort();
    release?.();
    release = undefined;
  }
  return {
    isShared: true,
    stand: (lead) => ask({}, lead),
    leave,
    seize: (lead) => ask({ steal: true }, lead),
  };
}

/**
 * Browsers keep their locks from pages without https. There a shared worker keeps the line; where that is missing
 * too (phones, which have few windows) each page speaks for itself.
 */
function byWorker(name: string): Election {
  let port: MessagePort | undefined;
  let onLead: (() => void) | undefined;

  function say(message: WorkerRequest): void {
    port?.postMessage(message);
  }
  function open(): void {
    if (port !== undefined) return;
    const worker = new SharedWorker(new URL('./leader-worker.ts', import.meta.url), {
      type: 'module',
      name: 'watchkeeper-leader',
    });
    port = worker.port;
    port.onmessage = () => onLead?.();
    port.start();
    addEventListener('pagehide', () => say({ kind: 'leave', name }));
  }
  return {
    isShared: true,
    stand(lead) {
      onLead = lead;
      open();
      say({ kind: 'stand', name });
    },
    leave() {
      onLead = undefined;
      say({ kind: 'leave', name });
    },
    seize(lead) {
      onLead = lead;
      open();
      say({ kind: 'seize', name });
    },
  };
}

const alone: Election = {
  isShared: false,
  stand: (lead) => lead(),
  leave: () => undefined,
  seize: (lead) => lead(),
};

/** Messages of a page to the worker that keeps the line. */
export interface WorkerRequest {
  readonly kind: 'stand' | 'leave' | 'seize';
  readonly name: string;
}

export function createElection(name: string): Election {
  // Without https the browser has no locks, whatever its types say.
  const locks: LockManager | undefined = navigator.locks;
  if (locks !== undefined) return byLocks(name, locks);
  return typeof SharedWorker === 'undefined' ? alone : byWorker(name);
}
