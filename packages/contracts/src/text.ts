/** Text that other people wrote: how it is cut, what a name may hold, and how it stands in a sentence of ours. */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** A character as people see it (a flag, a family) is longer than this only when somebody plays with it. */
const graphemeLengthMax = 256;

/**
 * At most `lengthMax` UTF-16 code units, cut between characters as people see them: no half emoji, no letter
 * without its accent. `mark` stands at the end of what was cut and counts; '' for texts that are only stored.
 */
export function cutText(text: string, lengthMax: number, mark = '…'): string {
  if (text.length <= lengthMax) return text;
  const room = Math.max(0, lengthMax - mark.length);
  // Long texts are not looked through: what decides stands around the cut.
  const near = text.slice(0, room + graphemeLengthMax);
  const start = graphemes.segment(near).containing(room)?.index ?? room;
  const end = room - start < graphemeLengthMax ? start : room;
  // Half a surrogate pair or a thousand accents are not one character: these are cut between code points.
  const isHalf =
    end > 0 && /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(end));
  return `${text.slice(0, isHalf ? end - 1 : end)}${mark}`;
}

/**
 * For `pattern` of a name (with the `u` flag, as validators compile it): one line, no control characters, none that turn the
 * direction of the text around it, and at least one character that is seen (a filler or a blank is not).
 */
export const namePattern =
  '^(?=[^]*(?![\\u115F\\u1160\\u3164\\uFFA0\\u2800])[\\p{L}\\p{N}\\p{P}\\p{S}])[^\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\u202A-\\u202E\\u2066-\\u2069]*$';
export const namePatternHelp =
  'must have a visible character, and no line breaks, control characters or marks that turn the text around';

const nameRegex = new RegExp(namePattern, 'u');

/** Whether a text may be a name, whatever its length. */
export function isName(text: string): boolean {
  return nameRegex.test(text);
}

/**
 * A stranger's text as one line: control characters and line ends become spaces, marks that would turn the
 * text after it around are dropped.
 */
export function oneLine(text: string): string {
  return text
    .replace(/[\u202A-\u202E\u2066-\u2069]/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\u200E\u200F\u061C]/u;
const firstStrongIsolate = '\u2068';
const popIsolate = '\u2069';

/** A name in a sentence of plain text: what runs from right to left stays among itself. */
export function isolate(text: string): string {
  return rightToLeft.test(text) ? `${firstStrongIsolate}${text}${popIsolate}` : text;
}
