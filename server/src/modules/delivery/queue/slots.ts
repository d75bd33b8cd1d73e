/** Attempts that one process has under way at most; each holds a socket, not a connection to the database. */
export const slotsMax = 48;
/** Attempts at one receiver (a mail server, a host): a receiver that hangs takes no more places than this. */
export const perTargetMax = 4;
/** Attempts of one kind: even if all its receivers hang, two other kinds still have places. */
export const perKindMax = 16;
/** Attempts of one organization within one kind. */
export const perTenantMax = 6;
/** Attempts of one organization at one receiver: others who share it (the mail server) always have a place. */
export const perTenantOfTargetMax = 3;

export interface Place {
  readonly organizationId: string;
  readonly kind: string;
  /** The receiver that may hang, e.g. the host. */
  readonly target: string;
}

export interface Slots {
  readonly taken: number;
  /** undefined: no place is free for it now. The answer gives the place back. */
  take(place: Place): (() => void) | undefined;
}

/** Shares out the places of one process, so that a receiver that hangs delays only its own messages. */
export function createSlots(): Slots {
  const counts = new Map<string, number>();
  let taken = 0;

  return {
    get taken() {
      return taken;
    },
    take({ organizationId, kind, target }) {
      const shares = [
        [`kind ${kind}`, perKindMax],
        [`target ${kind} ${target}`, perTargetMax],
        [`tenant ${kind} ${organizationId}`, perTenantMax],
        [`share ${kind} ${target} ${organizationId}`, perTenantOfTargetMax],
      ] as const;
      if (taken >= slotsMax) return undefined;
      if (shares.some(([key, max]) => (counts.get(key) ?? 0) >= max)) return undefined;
      const move = (by: 1 | -1) => {
        taken += by;
        for (const [key] of shares) {
          const count = (counts.get(key) ?? 0) + by;
          if (count === 0) counts.delete(key);
          else counts.set(key, count);
        }
      };
      move(1);
      let held = true;
      return () => {
        if (held) move(-1);
        held = false;
      };
    },
  };
}
