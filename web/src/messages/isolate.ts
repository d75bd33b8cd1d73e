/** Letters that run from right to left, and the invisible marks that turn the direction of what follows. */
const turning =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const marks = /[\u202a-\u202e\u2066-\u2069]/g;
const [isolateBegins, isolateEnds] = ['\u2068', '\u2069'];

/** A name inside a sentence keeps its own direction and leaves the sentence its own. */
export function isolate(text: string): string {
  if (!turning.test(text)) return text;
  // A mark of its own could end the isolation, and turn the rest of the sentence.
  return isolateBegins + text.replaceAll(marks, '') + isolateEnds;
}

/** Words whose sentences isolate what is put into them. */
export function isolating<Words>(words: Words): Words {
  if (typeof words === 'function') return sentence(words);
  if (typeof words !== 'object' || words === null || Object.getPrototypeOf(words) !== Object.prototype)
    return words;
  // Safe because each value is replaced by one of its own kind.
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, isolating(value)])) as Words;
}

function sentence<Words>(words: Words): Words {
  const call = (...parts: unknown[]): unknown =>
    // Safe because only functions come here.
    (words as (...parts: unknown[]) => unknown)(
      ...parts.map((part) => (typeof part === 'string' ? isolate(part) : part)),
    );
  return call as Words;
}
