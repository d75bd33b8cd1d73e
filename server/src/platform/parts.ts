/** Names one thing that a module keeps in memory while its app lives, with its type. */
export interface Part<T> {
  readonly name: string;
  /** Never set. It ties the type to the name. */
  readonly holds?: T;
}

/** Called once, at the top of the file that owns the thing. */
export function definePart<T>(name: string): Part<T> {
  return { name };
}

/**
 * What the modules of one app keep in memory. Per app, not per process: two apps in one process (tests) have their own.
 */
export interface Parts {
  /** @throws when it exists already. */
  put<T>(part: Part<T>, value: T): T;
  /** @throws when its module was not started. */
  get<T>(part: Part<T>): T;
  /** Created by the first caller. */
  ensure<T>(part: Part<T>, make: () => T): T;
}

export function createParts(): Parts {
  const held = new Map<object, unknown>();
  /** Safe because only `put` fills the map, with a value of the part's own type. */
  const read = <T>(part: Part<T>) => held.get(part) as T;

  function put<T>(part: Part<T>, value: T): T {
    if (held.has(part)) throw new Error(`"${part.name}" is there already.`);
    held.set(part, value);
    return value;
  }
  return {
    put,
    get(part) {
      if (!held.has(part)) throw new Error(`"${part.name}" is not there: its module was not started.`);
      return read(part);
    },
    ensure: (part, make) => (held.has(part) ? read(part) : put(part, make())),
  };
}
