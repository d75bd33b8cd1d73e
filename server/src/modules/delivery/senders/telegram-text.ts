import { cutText } from '@watchkeeper/contracts/text';
import { escapeHtml } from '../html.ts';
import type { Message } from '../topics/message.ts';
import { fitLines, labelledLine } from './fit-lines.ts';

/** Telegram counts the characters that people see: 4,096 in all, with the link and the organization. */
const limits = { title: 256, lines: 3_400, link: 80 } as const;

/** The message in Telegram's HTML. Other people's text is escaped, so a name can neither link nor mention anybody. */
export function telegramText({ title, lines, url, linkLabel, organization }: Message): string {
  const head = `<b>${escapeHtml(cutText(title, limits.title))}</b>`;
  const body = fitLines(lines, limits.lines).map(formatLine);
  // A link in the text and no button: Telegram refuses a message whose button leads to a private address.
  const link = `<a href="${escapeHtml(url)}">${escapeHtml(cutText(linkLabel, limits.link))}</a>`;
  return [head, ...body, `${link} · ${escapeHtml(cutText(organization.name, limits.link))}`].join('\n');
}

function formatLine(line: string): string {
  const parts = labelledLine(line);
  return parts === undefined ? escapeHtml(line) : `<b>${parts.label}:</b> ${escapeHtml(parts.value)}`;
}
