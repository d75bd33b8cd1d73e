/** Renewed this long before it runs out, so that no reading begins with a token that ends within it. */
const earlyMs = 120_000;
const entriesMax = 1_000;

export interface Token {
  readonly value: string;
  readonly expiresAt: number;
}

/** The token of one source, as its readings in this process share it. */
export interface SourceTokens {
  get(mint: () => Promise<Token>): Promise<string>;
  /** It was refused: the next one asks for a new one, unless somebody has already. */
  drop(value: string): void;
}

/** Access tokens between readings: in memory only, one request at a time for each. */
export class TokenCache {
  readonly #entries = new Map<string, { token: Promise<Token>; settled: Token | undefined }>();

  /** `key` names the source and its version: changed credentials begin anew. */
  of(key: string, now: () => number): SourceTokens {
    return {
      get: async (mint) => {
        const held = this.#entries.get(key);
        if (held !== undefined && (held.settled === undefined || held.settled.expiresAt - earlyMs > now()))
          return (await held.token).value;
        return (await this.#mint(key, mint)).value;
      },
      drop: (value) => {
        if (this.#entries.get(key)?.settled?.value === value) this.#entries.delete(key);
      },
    };
  }

  #mint(key: string, mint: () => Promise<Token>): Promise<Token> {
    const entry: { token: Promise<Token>; settled: Token | undefined } = {
      token: mint(),
      settled: undefined,
    };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= entriesMax) break;
      this.#entries.delete(oldest);
    }
    entry.token.then(
      (token) => {
        entry.settled = token;
      },
      () => {
        // A refusal is not kept: the next reading asks again.
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry.token;
  }
}
