import { cutText } from '@watchkeeper/contracts/text';

/** `&`, `<` and `>` are Slack's control characters: unescaped, a name could mention @channel or forge a link. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escapes and then cuts, for escaping grows the text; never inside an entity or a character. */
export function cutEscaped(escaped: string, charsMax: number): string {
  if (escaped.length <= charsMax) return escaped;
  const cut = cutText(escaped, charsMax - 1, '');
  return `${cut.replace(/&[a-z]{0,4}$/, '')}…`;
}
