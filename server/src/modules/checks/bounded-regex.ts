import { createContext, runInContext } from 'node:vm';

/** Of the text a pattern is let loose on. */
export const regexTextLengthMax = 65_536;
export const regexLengthMax = 200;
/** The event loop stands still meanwhile, so this is short. */
const matchMs = 25;

/** Why a pattern is not accepted, or undefined. Catches the usual ways to backtrack without end before they cost anything. */
export function refusedPattern(pattern: string): string | undefined {
  if (pattern.length > regexLengthMax) return `must not be longer than ${regexLengthMax} characters`;
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return `is not a regular expression: ${error instanceof Error ? error.message : 'invalid'}`;
  }
  if (/\\[1-9]|\\k</.test(pattern)) return 'must not refer back to a group: that can take for ever';
  if (hasNestedQuantifier(pattern))
    return 'must not repeat a group that repeats something itself: that can take for ever';
  return undefined;
}

/** A group with a quantifier or an alternative inside, and a quantifier behind it. */
function hasNestedQuantifier(pattern: string): boolean {
  const plain = pattern.replace(/\\./gs, 'x').replace(/\[[^\]]*\]/g, 'x');
  const open: boolean[] = [];
  for (let at = 0; at < plain.length; at += 1) {
    const char = plain[at] ?? '';
    if (char === '(') {
      open.push(false);
      if (plain[at + 1] === '?') at += 1;
    } else if (char === ')') {
      const risky = open.pop() ?? false;
      if (risky && /^[*+{]/.test(plain.slice(at + 1))) return true;
      if (risky && open.length > 0) open[open.length - 1] = true;
    } else if ('*+{|'.includes(char) && open.length > 0) open[open.length - 1] = true;
  }
  return false;
}

// Inside a context of its own V8 can be told to give up; a plain RegExp cannot be interrupted.
const context = createContext({ pattern: '', text: '' });

/** null: the pattern took too long. */
export function matches(pattern: string, text: string): boolean | null {
  context.pattern = pattern;
  context.text = text.slice(0, regexTextLengthMax);
  try {
    return runInContext('new RegExp(pattern, "u").test(text)', context, { timeout: matchMs }) === true;
  } catch {
    return null;
  } finally {
    context.text = '';
  }
}
