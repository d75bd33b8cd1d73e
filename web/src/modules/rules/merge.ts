import type { RuleBody } from '@watchkeeper/contracts/rules';

type Values = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** Theirs, with what I changed on top; settings inside a record are weighed one by one. */
function mergeValues(base: Values, theirs: Values, mine: Values): Record<string, unknown> {
  const names = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
  const merged: Record<string, unknown> = {};
  for (const name of names) {
    const [was, other, own] = [base[name], theirs[name], mine[name]];
    if (isRecord(was) && isRecord(other) && isRecord(own)) merged[name] = mergeValues(was, other, own);
    else merged[name] = same(was, own) ? other : own;
  }
  return merged;
}

/** A rule of another kind has other settings: then mine stand as they are. */
export function mergeBodies(base: RuleBody, theirs: RuleBody, mine: RuleBody): RuleBody {
  if (base.kind !== theirs.kind) return mine;
  return asBody(mergeValues({ ...base }, { ...theirs }, { ...mine }));
}

/** Safe because every value comes from one of three bodies, under its own name. */
function asBody(values: Record<string, unknown>): RuleBody {
  return values as unknown as RuleBody;
}
