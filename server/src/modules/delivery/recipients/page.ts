import { createHash } from 'node:crypto';
import { oneLine } from '@watchkeeper/contracts/text';
import { escapeHtml } from '../html.ts';
import type { Followed } from './follow-link.ts';
import type { RecipientLanguage } from './language.ts';
import type { LinkPurpose } from './link.ts';
import { recipientWords, type Told } from './words.ts';

const style =
  ':root{color-scheme:light dark;--ground:#f4f5f7;--card:#fff;--ink:#1c2430;--quiet:#4d5866;--line:#dfe3e8;--key:#1f5fbf;--on-key:#fff}' +
  '@media (prefers-color-scheme:dark){:root{--ground:#12161c;--card:#1b2129;--ink:#e8ecf1;--quiet:#a9b4c0;--line:#333c47;--key:#7fb0ff;--on-key:#0d1520}}' +
  '*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--ground);color:var(--ink);font:17px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}' +
  'main{width:100%;max-width:30rem;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:28px 24px}' +
  '.org{margin:0 0 20px;color:var(--quiet);font-size:15px;overflow-wrap:anywhere}h1{margin:0 0 10px;font-size:24px;line-height:1.25;text-wrap:balance}' +
  'p{margin:0;color:var(--quiet);overflow-wrap:anywhere}bdi{color:var(--ink);font-weight:600}form{margin:24px 0 0}' +
  'button{min-height:48px;width:100%;padding:0 24px;border:0;border-radius:10px;background:var(--key);color:var(--on-key);font:inherit;font-weight:600;cursor:pointer}' +
  'button:hover{filter:brightness(1.08)}button:focus-visible{outline:3px solid var(--key);outline-offset:3px}' +
  '@media (min-width:40rem){main{padding:40px}button{width:auto}}';

/** The page loads nothing and runs no script. Its URL is a secret, so no other site gets it as a referrer. */
export const recipientPageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
  'x-frame-options': 'DENY',
} as const;

export const pageStatus = { asks: 200, done: 200, expired: 410, invalid: 404 } as const;

/** One sentence, one more, and at most one button: it posts to the address of the page. */
export function recipientPage(
  purpose: LinkPurpose,
  followed: Followed,
  browserLanguage: RecipientLanguage | undefined,
): string {
  const ownLanguage = followed.state === 'invalid' ? 'en' : followed.language;
  const language = browserLanguage ?? ownLanguage;
  const { page } = recipientWords[language];
  if (followed.state === 'invalid' || followed.state === 'expired')
    return htmlOf(language, page[followed.state]);
  const words = page[purpose];
  const told = followed.state === 'done' ? words.done : words;
  const button = followed.state === 'done' ? undefined : words.button;
  return htmlOf(language, told, { ...followed, button });
}

interface Rest {
  readonly organization: string;
  readonly address: string;
  readonly button: string | undefined;
}

function htmlOf(language: RecipientLanguage, { title, text }: Told, rest?: Rest): string {
  const organization = oneLine(rest?.organization ?? 'Watchkeeper');
  const named = (name: string) => `<bdi>${escapeHtml(name)}</bdi>`;
  const sentence = escapeHtml(text)
    .replaceAll('{org}', () => named(organization))
    .replaceAll('{address}', () => named(rest?.address ?? ''));
  const form =
    rest?.button === undefined
      ? ''
      : `\n<form method="post"><button type="submit">${escapeHtml(rest.button)}</button></form>`;
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)} · ${escapeHtml(organization)}</title><style>${style}</style></head>
<body>
<main>
<p class="org">${escapeHtml(organization)}</p>
<h1>${escapeHtml(title)}</h1>
<p>${sentence}</p>${form}
</main>
</body>
</html>
`;
}
