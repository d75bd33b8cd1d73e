import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '#platform/errors';
import { networkOf } from '#platform/http/peer';
import { Recent } from '#platform/recent';

/**
 * Tries per account and network, and per account and known browser: enough for a person who mistypes often.
 */
const triesPerPair = 10;
const pairSeconds = 15 * 60;
/** Tries per account from all unknown places together: slows a distributed search. */
const triesPerAccount = 100;
const accountSeconds = 3600;
/** Tries per network over all accounts: one gateway may carry a whole shop floor. */
const triesPerNetwork = 100;
const networkSeconds = 15 * 60;
/** How many accounts, with the networks of their sign-ins, this process remembers. */
const placesMax = 20_000;

export interface Trial {
  /** An e-mail address, or another guessed value. */
  readonly account: string;
  readonly peer: string;
  /** A browser that this account signed in with before (device-cookie.ts); undefined: no known browser. */
  readonly device: string | undefined;
}

/**
 * Limits guesses at passwords and one-time links. Every try is counted before it is judged. A stranger uses
 * up only a stranger's tries: a known browser and a known network of the account have their own, so that
 * nobody can lock the person out from outside.
 */
export interface SignInLimit {
  /** @throws rate_limited */
  take(trial: Trial): Promise<void>;
  /** The right password clears the earlier wrong tries of the same person. */
  succeeded(trial: Trial): Promise<void>;
}

export function createSignInLimit(): SignInLimit {
  const networks = limiter('network', triesPerNetwork, networkSeconds);
  const accounts = limiter('account', triesPerAccount, accountSeconds);
  const pairs = limiter('pair', triesPerPair, pairSeconds);
  const devices = limiter('device', triesPerPair, pairSeconds);
  const places = new Recent<true>(placesMax);
  return {
    async take(trial) {
      const { network, account, pair } = keysOf(trial);
      if (trial.device !== undefined) return await consume(devices, `${trial.device} ${account}`);
      if (places.get(pair) !== undefined) return await consume(pairs, pair);
      // The limit of the network comes first: it bounds how many keys one network can add to the other two.
      await consume(networks, network);
      await consume(pairs, pair);
      await consume(accounts, account);
    },
    async succeeded(trial) {
      const { network, account, pair } = keysOf(trial);
      // A success of a known browser gives strangers no new tries.
      if (trial.device !== undefined) await devices.delete(`${trial.device} ${account}`);
      else {
        if (places.get(pair) === undefined) {
          await networks.reward(network);
          await accounts.reward(account);
        }
        await pairs.delete(pair);
      }
      places.set(pair, true);
    },
  };
}

function limiter(keyPrefix: string, points: number, duration: number): RateLimiterMemory {
  return new RateLimiterMemory({ keyPrefix, points, duration });
}

function keysOf({ account, peer }: Trial): { network: string; account: string; pair: string } {
  const network = networkOf(peer);
  const name = account.toLowerCase();
  return { network, account: name, pair: `${network} ${name}` };
}

async function consume(limit: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limit.consume(key);
  } catch (rejected) {
    if (!(rejected instanceof RateLimiterRes)) throw rejected;
    const retryAfterSeconds = Math.max(1, Math.ceil(rejected.msBeforeNext / 1000));
    throw new AppError('rate_limited', `Too many tries. Wait ${retryAfterSeconds} s.`, { retryAfterSeconds });
  }
}
