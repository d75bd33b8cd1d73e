/** Names one thing that a module holds for the life of a house, with its type. */
export interface Part<T> {
  readonly name: string;
  /** Never there; it ties the type to the name. */
  readonly holds?: T;
}

/** Called once, at the top of the file that owns the thing. */
export function definePart<T>(name: string): Part<T> {
  return { name };
}

/** What the modules of one house hold in memory. Of a house, not of a process: two in one process (tests) keep their own. */
export interface Parts {
  /** @throws when it is there already. */
  put<T>(part: Part<T>, value: T): T;
  /** @throws when its module was not started. */
  get<T>(part: Part<T>): T;
  /** Made by whoever asks first. */
  ensure<T>(part: Part<T>, make: () => T): T;
}

export function createParts(): Parts {
  const held = new Map<object, unknown>();
  /** Safe because only `put` fills the map, and it takes a value of the part's own type. */
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
