import type { VettedHost } from './host.ts';
import { OutboundRefused } from './outbound.ts';

const URL_LENGTH_MAX = 8192;

/**
 * Ports where something other than HTTP listens by convention and could be made to act on a request
 * (the fetch standard's list of bad ports).
 */
const OTHER_PROTOCOL_PORTS = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/**
 * Parses a URL, the one and only time; everything after works on the result. The URL itself stays out
 * of the messages: webhook URLs are secrets. @throws OutboundRefused
 */
export function parseTarget(text: string, base?: URL): URL {
  const url = text.length > URL_LENGTH_MAX ? null : URL.parse(text, base?.href);
  if (url === null)
    throw new OutboundRefused('This is not a valid URL; write for example https://example.com/hook.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new OutboundRefused('Only http and https URLs are allowed.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundRefused('A URL must not hold a user name or password; use a header instead.');
  }
  if (OTHER_PROTOCOL_PORTS.has(targetPort(url))) {
    throw new OutboundRefused(
      `Port ${targetPort(url)} belongs to another protocol and is not allowed for HTTP.`,
    );
  }
  return url;
}

export function targetPort(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** Built from the vetted name, so that no second parser gets to see what the user wrote. */
export function targetOrigin(url: URL, host: VettedHost): string {
  const name = host.hostname.includes(':') ? `[${host.hostname}]` : host.hostname;
  return `${url.protocol}//${name}:${host.port}`;
}
