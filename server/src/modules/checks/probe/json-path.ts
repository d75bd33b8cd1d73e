/** `$.a.b[0]["c d"]`: a plain path to one value. No wildcards, so that it is always cheap. */
const step = /\.([A-Za-z_$][\w$-]*)|\[(\d{1,9})\]|\["([^"\\]{0,200})"\]/y;

/** The steps of a path, or undefined when the text is not a path. */
export function parseJsonPath(path: string): (string | number)[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: (string | number)[] = [];
  let at = 1;
  while (at < path.length) {
    step.lastIndex = at;
    const match = step.exec(path);
    if (match === null) return undefined;
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? '') : Number(match[2]));
    at = step.lastIndex;
  }
  return steps;
}

/** Undefined when there is no such value. */
export function readJsonPath(value: unknown, steps: readonly (string | number)[]): unknown {
  let here = value;
  for (const key of steps) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = Reflect.get(here, key);
  }
  return here;
}
