import { startBookingService } from './booking-service.ts';
import type { Listening } from './simulators/listen.ts';
import { seededRandom } from './story.ts';
import { startThirdParties, type ThirdParties } from './third-parties.ts';

export interface Peers extends AsyncDisposable {
  readonly booking: Listening;
  readonly thirdParties: ThirdParties;
  /**
   * Loopback addresses that the demonstration's checks and sources may reach: its own servers, and the server it runs
   * in. Any other service on this machine stays unreachable.
   */
  readonly allowed: readonly string[];
}

/**
 * Everything that the demonstration connects to. It listens before the app is built, because the app must allow these
 * addresses.
 */
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
