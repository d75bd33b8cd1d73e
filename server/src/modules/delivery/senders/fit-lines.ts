import { cutText } from '@watchkeeper/contracts/text';

/** As many whole lines as fit into `charsMax` UTF-16 code units with their line ends; the next one is cut, the rest left out. */
export function fitLines(lines: readonly string[], charsMax: number): string[] {
  const fitting: string[] = [];
  let left = charsMax;
  for (const line of lines) {
    if (line.length > left) {
      if (left > 1) fitting.push(cutText(line, left));
      break;
    }
    fitting.push(line);
    left -= line.length + 1;
  }
  return fitting;
}

/** A line `Label: value` of ours in its parts; undefined: a sentence. */
export function labelledLine(line: string): { label: string; value: string } | undefined {
  const [, label, value] = /^([A-Z][a-z]+(?: [a-z]+)?): (.*)$/s.exec(line) ?? [];
  return label === undefined || value === undefined ? undefined : { label, value };
}

/** At most `bytesMax` bytes of UTF-8, cut between characters. */
export function cutBytes(text: string, bytesMax: number): string {
  let cut = cutText(text, bytesMax);
  while (Buffer.byteLength(cut) > bytesMax) cut = cutText(text, Math.floor(cut.length * 0.75));
  return cut;
}
