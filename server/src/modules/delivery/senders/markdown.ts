/** Characters that Markdown of chat services reads as formatting or links. */
const special = /[\\*_~`|<>[\]#]/g;
/** Between the sign and the name: it looks the same, and nobody is called. */
const zeroWidthSpace = '\u200b';

/** Other people's text in Markdown: it formats nothing, links nowhere, and mentions nobody. */
export function escapeMarkdown(text: string): string {
  return text.replace(special, String.raw`\$&`).replaceAll('@', `@${zeroWidthSpace}`);
}

/** A line of a message, with a bold label. */
export function markdownLine(parts: { label: string; value: string } | undefined, line: string): string {
  if (parts === undefined) return escapeMarkdown(line);
  return `**${parts.label}:** ${escapeMarkdown(parts.value)}`;
}
