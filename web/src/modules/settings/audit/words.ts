import { t } from '../../../messages';

/** "changed a role"; an act that has no words yet is read from its name: `rule.enabled` is "rule enabled". */
export function actionWords(action: string): string {
  return t.settings.audit.action[action] ?? action.replaceAll(/[._]/g, ' ');
}

export interface FieldChange {
  field: string;
  was: string | undefined;
  is: string | undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined when there is no value. */
function text(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
  if (typeof value === 'boolean') return value ? t.state.yes : t.state.no;
  return JSON.stringify(value);
}

/** Before and after, field by field; what did not change is left out. */
export function fieldChanges(before: unknown, after: unknown): FieldChange[] {
  const was = isRecord(before) ? before : {};
  const is = isRecord(after) ? after : {};
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .map((field) => ({ field, was: text(was[field]), is: text(is[field]) }))
    .filter((change) => change.was !== change.is);
}
