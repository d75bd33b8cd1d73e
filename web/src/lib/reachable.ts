import { base } from '../base';

/** Whether only this very machine reaches it. */
export function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  return /^(localhost|.*\.localhost|127(\.\d+){3}|::1|::ffff:7f.*|0\.0\.0\.0|::)$/.test(host);
}

/**
 * An address of ours for another machine. A server that was not told its public address gives `localhost`; the one
 * under which this browser found it serves others too, unless that is local as well.
 */
export function reachable(url: string, here: string = location.origin): string {
  const parsed = URL.parse(url);
  if (parsed === null || !isLoopback(url) || isLoopback(here)) return url;
  const path = parsed.pathname.startsWith(`${base}/`) ? parsed.pathname : base + parsed.pathname;
  return here + path + parsed.search;
}
