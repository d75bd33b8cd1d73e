import { createElection, type Election } from './leader';

/**
 * A browser opens six connections to a server that speaks HTTP/1.1. Half of them may be held by streams, over all
 * windows and organizations; with the others pages load and write.
 */
const placesMax = 3;

/** The connections that this browser lends to streams. Who finds none free stands in line for the first that is. */
export interface Places {
  /** Stands in line; `taken` runs once, when a place is free. */
  take(taken: () => void): void;
  /** Gives back the place, or those in line. */
  give(): void;
}

export function createPlaces(name: string): Places {
  const elections: Election[] = [];
  for (let place = 1; place <= placesMax; place += 1) elections.push(createElection(`${name} ${place}`));
  let round = 0;

  function give(): void {
    round += 1;
    for (const election of elections) election.leave();
  }

  return {
    take(taken) {
      give();
      const own = round;
      let has = false;
      for (const election of elections) {
        election.stand(() => {
          if (own !== round) return;
          if (has) {
            election.leave();
            return;
          }
          has = true;
          for (const other of elections) if (other !== election) other.leave();
          taken();
        });
      }
    },
    give,
  };
}
