import { labelsLengthMax } from '@watchkeeper/contracts';
import { invalidField } from '#platform/errors';

export type Labels = Readonly<Record<string, string>>;

/**
 * The labels of a posted alert, by name. An empty value is the same as no label. The schema limits each name and value;
 * here all of them together.
 * @throws validation_failed
 */
export function labelsOf(sent: Labels | undefined): Labels {
  const kept = Object.entries(sent ?? {}).filter(([, value]) => value !== '');
  const length = kept.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (length > labelsLengthMax)
    throw invalidField(
      'labels',
      `have ${length} characters together, and at most ${labelsLengthMax} are stored. Put long texts into the message`,
    );
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}
