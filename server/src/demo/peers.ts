import { startBookingService } from './booking-service.ts';
import type { Listening } from './simulators/listen.ts';
import { seededRandom } from './story.ts';
import { startThirdParties, type ThirdParties } from './third-parties.ts';

export interface Peers extends AsyncDisposable {
  readonly booking: Listening;
  readonly thirdParties: ThirdParties;
  /**
   * What the demonstration's checks and readings may reach although it is loopback: these servers of its own,
   * and the one it runs in. Anything else that listens on this machine stays out of reach.
   */
  readonly allowed: readonly string[];
}

/** Everything the demonstration talks to, listening before the house is built that has to allow it. */
export async function startPeers(ownPort: number): Promise<Peers> {
  const booking = await startBookingService(() => Date.now(), seededRandom(11));
  const thirdParties = await startThirdParties(new Date());
  return {
    booking,
    thirdParties,
    allowed: [ownPort, booking.port, ...thirdParties.ports].map((port) => `127.0.0.1:${port}`),
    async [Symbol.asyncDispose]() {
      await thirdParties[Symbol.asyncDispose]();
      await booking[Symbol.asyncDispose]();
    },
  };
}
