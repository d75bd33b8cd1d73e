import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '#platform/errors';

/** Tries per address and peer: what a person with a bad day needs. */
const triesPerPair = 10;
const pairSeconds = 15 * 60;
/** Tries per address from everywhere together: slows a distributed search without locking its owner out for long. */
const triesPerAccount = 100;
const accountSeconds = 3600;
/** Tries per peer over all addresses: one gateway may carry a whole shop floor. */
const triesPerPeer = 100;
const peerSeconds = 15 * 60;

/** Bounds guessing at passwords and one-time links. Every try is counted before it is judged. */
export interface SignInLimit {
  /** @throws rate_limited */
  take(account: string, ip: string): Promise<void>;
  /** The right password clears what the same person mistyped before. */
  succeeded(account: string, ip: string): Promise<void>;
}

export function createSignInLimit(): SignInLimit {
  const peers = new RateLimiterMemory({ keyPrefix: 'peer', points: triesPerPeer, duration: peerSeconds });
  const accounts = new RateLimiterMemory({
    keyPrefix: 'account',
    points: triesPerAccount,
    duration: accountSeconds,
  });
  const pairs = new RateLimiterMemory({ keyPrefix: 'pair', points: triesPerPair, duration: pairSeconds });
  return {
    async take(account, ip) {
      const peer = peerOf(ip);
      const name = account.toLowerCase();
      // The peer's own allowance first: it bounds how many keys one peer can add to the other two.
      await consume(peers, peer);
      await consume(pairs, `${peer} ${name}`);
      await consume(accounts, name);
    },
    async succeeded(account, ip) {
      const peer = peerOf(ip);
      const name = account.toLowerCase();
      await pairs.delete(`${peer} ${name}`);
      await peers.reward(peer);
      await accounts.reward(name);
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (rejected) {
    if (!(rejected instanceof RateLimiterRes)) throw rejected;
    const retryAfterSeconds = Math.max(1, Math.ceil(rejected.msBeforeNext / 1000));
    throw new AppError('rate_limited', `Too many tries. Wait ${retryAfterSeconds} s.`, { retryAfterSeconds });
  }
}

/** One subscriber holds a whole IPv6 /64, so that is what counts as a peer. */
function peerOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  return address.toNormalizedString().split(':').slice(0, 4).join(':');
}
