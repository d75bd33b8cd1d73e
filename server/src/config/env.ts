import { readFileSync } from 'node:fs';

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads variables as typed values and collects all mistakes, so that the operator sees them at once. `NAME_FILE` names
 * a file that holds the value (a mounted secret).
 */
export class EnvReader {
  readonly mistakes: string[] = [];
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
  }

  text(name: string): string | undefined {
    const direct = this.#env[name]?.trim();
    const file = this.#env[`${name}_FILE`]?.trim();
    if (direct && file) {
      this.mistakes.push(`${name} and ${name}_FILE are both set: keep one.`);
      return undefined;
    }
    if (!file) return direct === '' ? undefined : direct;
    try {
      return readFileSync(file, 'utf8').trim() || undefined;
    } catch {
      this.mistakes.push(`${name}_FILE names "${file}", which cannot be read.`);
      return undefined;
    }
  }

  number(name: string, fallback: number, bounds: { min: number; max: number; integer?: boolean }): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    const wanted = `${bounds.integer ? 'a whole number' : 'a number'} from ${bounds.min} to ${bounds.max}`;
    if (
      !Number.isFinite(value) ||
      value < bounds.min ||
      value > bounds.max ||
      (bounds.integer && !Number.isInteger(value))
    ) {
      this.mistakes.push(`${name} is "${text}": it must be ${wanted}.`);
      return fallback;
    }
    return value;
  }

  optionalNumber(name: string, bounds: { min: number; max: number; integer?: boolean }): number | undefined {
    return this.text(name) === undefined ? undefined : this.number(name, bounds.min, bounds);
  }

  flag(name: string, fallback: boolean): boolean {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined) return fallback;
    if (['1', 'true', 'yes', 'on'].includes(text)) return true;
    if (['0', 'false', 'no', 'off'].includes(text)) return false;
    this.mistakes.push(`${name} is "${text}": it must be true or false.`);
    return fallback;
  }

  choice<T extends string>(name: string, fallback: T, choices: readonly T[]): T {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const found = choices.find((choice) => choice === text);
    if (found === undefined)
      this.mistakes.push(`${name} is "${text}": it must be one of ${choices.join(', ')}.`);
    return found ?? fallback;
  }

  list(name: string): string[] {
    return (this.text(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  url(name: string, protocols: readonly string[]): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
      this.mistakes.push(
        `${name} must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`,
      );
      return undefined;
    }
    return text;
  }

  secret(name: string, lengthMin: number): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text.length < lengthMin)
      this.mistakes.push(`${name} is too short: at least ${lengthMin} characters are needed.`);
    else if (isPlaceholder(text)) this.mistakes.push(`${name} is a placeholder: set your own secret.`);
    return text;
  }
}

const placeholderPattern =
  /^(change[-_ ]?me|changeit|secret|password|example|placeholder|your[-_ ].*|todo|xxx+|test)[-_!0-9 ]*$/i;

export function isPlaceholder(text: string): boolean {
  return placeholderPattern.test(text) || new Set(text).size < 4;
}
