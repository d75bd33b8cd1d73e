import { RE2JS } from 're2js';

export const regexLengthMax = 200;

/**
 * Compiles a pattern for the linear engine: the time grows with the text only, whatever the pattern is. Takes the
 * syntax of RE2, and that of JavaScript where only the spelling differs.
 * @throws Error in the engine's words.
 */
export function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const translated = isJavaScript(pattern) ? RE2JS.translateRegExp(pattern) : pattern;
    if (translated === pattern) throw error;
    return RE2JS.compile(translated);
  }
}

function isJavaScript(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Why a pattern is not accepted, or undefined. */
export function refusedPattern(pattern: string): string | undefined {
  if (pattern.length > regexLengthMax) return `must not be longer than ${regexLengthMax} characters`;
  const plain = pattern.replace(/\\[^1-9k]/gs, 'x').replace(/\[[^\]]*\]/g, 'x');
  if (/\(\?<?[=!]/.test(plain))
    return 'must not use lookahead or lookbehind ("(?=", "(?!", "(?<=", "(?<!"): the time that they need has no limit';
  if (/\\[1-9]|\\k/.test(plain))
    return 'must not refer back to a group ("\\1", "\\k<name>"): the time that this needs has no limit';
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'invalid';
    return `is not a regular expression (syntax of RE2): ${said}`;
  }
}
