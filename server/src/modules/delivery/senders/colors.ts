import type { Severity } from '@watchkeeper/contracts';
import type { Message } from '../topics/message.ts';
import { levelOf } from './levels.ts';

/** The stripe beside a message, as RGB. */
const colors: Readonly<Record<Severity, number>> = {
  critical: 0xc62828,
  high: 0xe65100,
  medium: 0xf9a825,
  low: 0x78909c,
};
const resolvedColor = 0x2e7d32;
const neutralColor = 0x546e7a;

/** 0 to 0xffffff. */
export function colorOf(message: Pick<Message, 'event'>): number {
  const level = levelOf(message);
  if (level !== undefined) return colors[level];
  return message.event?.kind === 'resolved' ? resolvedColor : neutralColor;
}

/** `#rrggbb`. */
export function hexColorOf(message: Pick<Message, 'event'>): string {
  return `#${colorOf(message).toString(16).padStart(6, '0')}`;
}
