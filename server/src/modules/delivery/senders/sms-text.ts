import { cutText } from '@watchkeeper/contracts/text';
import type { Message } from '../topics/message.ts';

/**
 * Three segments of 153 characters of the GSM alphabet, which is what a text message costs by. Providers take 1,600;
 * nobody reads them.
 */
export const smsCharsMax = 459;

/** One text message: who writes, what, the facts that still fit, and the whole link. */
export function smsText({ title, lines, url, organization }: Message): string {
  const head = plain(`${organization.name}: ${title}`);
  const room = smsCharsMax - url.length - 1;
  const fitting = [cutText(head, Math.max(room, 0), '...')];
  let left = room - head.length;
  for (const line of lines.map(plain)) {
    left -= line.length + 1;
    if (left < 0) break;
    fitting.push(line);
  }
  return [...fitting, url].join('\n');
}

/** A single character outside the GSM alphabet more than doubles the price of the whole message. */
function plain(text: string): string {
  return text
    .replace(/[\u2066-\u2069]/g, '')
    .replaceAll('…', '...')
    .replaceAll('•', '-')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[–—]/g, '-')
    .replaceAll('\u00a0', ' ');
}
