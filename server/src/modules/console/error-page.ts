import { type ErrorCode, errorCodes, errorMeanings } from '@watchkeeper/contracts/error-codes';
import type { App } from '#platform/http/app';

/** `type` of every problem document points here (`/docs/errors#code`), so this page must open in a browser. */
export function errorPageRoutes(app: App): void {
  const page = errorPage();
  app.get('/docs/errors', { schema: { hide: true, access: 'public' } }, (_request, reply) =>
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      )
      .send(page),
  );
}

const style =
  ':root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}' +
  'table{border-collapse:collapse;width:100%}th,td{padding:.5rem .75rem .5rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #8886}' +
  'tr:target{background:#fc32}code{font-size:.95em}';

function errorPage(): string {
  // Safe because Object.keys of a literal are its own keys.
  const codes = Object.keys(errorCodes) as ErrorCode[];
  const rows = codes
    .map(
      (code) =>
        `<tr id="${code}"><td><code>${code}</code></td><td>${errorCodes[code]}</td><td>${toHtml(errorMeanings[code])}</td></tr>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Errors · Watchkeeper</title><style>${style}</style></head>
<body>
<h1>Errors</h1>
<p>Every error is <code>application/problem+json</code> (RFC 9457). Branch on <code>code</code>: it never changes its meaning.
<code>detail</code> is for people, <code>errors[]</code> names the fields, <code>request_id</code> finds the line in the log.</p>
<table>
<thead><tr><th>Code</th><th>Status</th><th>What it means, what to do</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
</body>
</html>
`;
}

/** For our own sentences: only Markdown's backticks are converted. */
function toHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}
