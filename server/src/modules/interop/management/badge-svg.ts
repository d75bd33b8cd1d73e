import { cutText } from '@watchkeeper/contracts/text';

export type BadgeStatus = 'up' | 'late' | 'down';

const colors: Readonly<Record<BadgeStatus, string>> = { up: '#2f7d4f', late: '#9a6700', down: '#b3261e' };
const labelLengthMax = 60;
/** Average width of a letter in the font below. A long text is cut, never stretched. */
const letterWidth = 6.6;
const paddingWidth = 12;
const height = 20;

/** A small picture: the label on the left, the status on the right. */
export function badgeSvg(label: string, status: BadgeStatus): string {
  const name = escapeXml(cutText(label, labelLengthMax));
  const left = widthOf(cutText(label, labelLengthMax));
  const right = widthOf(status);
  const width = left + right;
  const word = (x: number, text: string) =>
    `<text x="${x}" y="14" text-anchor="middle" fill="#fff">${text}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" role="img" aria-label="${name}: ${status}">`,
    `<title>${name}: ${status}</title>`,
    `<clipPath id="r"><rect width="${width}" height="${height}" rx="4"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="${height}" fill="#40454d"/>`,
    `<rect x="${left}" width="${right}" height="${height}" fill="${colors[status]}"/></g>`,
    `<g font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    word(left / 2, name),
    word(left + right / 2, status),
    '</g></svg>',
  ].join('');
}

function widthOf(text: string): number {
  return Math.round([...text].length * letterWidth + paddingWidth);
}

function escapeXml(text: string): string {
  // XML does not allow control characters, not even escaped.
  return text
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
