/** A token is renewed this long before it expires, so that it does not expire during a reading. */
const earlyMs = 120_000;
const entriesMax = 1_000;

export interface Token {
  readonly value: string;
  readonly expiresAt: number;
}

/** The token of one source, shared by its readings in this process. */
export interface SourceTokens {
  get(mint: () => Promise<Token>): Promise<string>;
  /** Call when this token was refused. The next reading gets a new one, unless another reading already did. */
  drop(value: string): void;
}

/** Access tokens between readings. Only in memory; at most one request at a time for each. */
export class TokenCache {
  readonly #entries = new Map<string, { token: Promise<Token>; settled: Token | undefined }>();

  /** `key` names the source and its version, so that changed credentials start with a new token. */
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
        // A failed request is not cached: the next reading asks again.
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry.token;
  }
}
