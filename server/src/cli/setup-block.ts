/** The link that creates the first owner, in a frame so that it is noticed between other lines. */
export function setupBlock(link: { readonly url: string; readonly expires_at: string }): string {
  const lines = [
    'Nobody can sign in yet. Open this link to create the first owner:',
    '',
    link.url,
    '',
    `It works once, until ${until(link.expires_at)}. "npx watchkeeper setup-link" prints a new one.`,
  ];
  const width = Math.max(...lines.map((line) => line.length));
  const rule = '─'.repeat(width + 4);
  return [`┌${rule}┐`, ...lines.map((line) => `│  ${line.padEnd(width)}  │`), `└${rule}┘`].join('\n');
}

/** To the minute, in the terminal's time zone: `2026-11-30 09:15`. */
function until(instant: string): string {
  return new Date(instant).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
}
