import { passwordGaps } from '@watchkeeper/contracts/password-rules';
import { invalidField } from '#platform/errors';

const words = {
  length: (min: number) => `at least ${min} characters`,
  number: () => 'a number',
  special: () => 'a special character, such as a space, a dot or a hyphen',
};

/** For passwords that are chosen now; one that was chosen before keeps working. @throws validation_failed */
export function requireGoodPassword(field: string, password: string): void {
  const missing = missingIn(password);
  if (missing !== undefined) throw invalidField(field, `needs ${missing}`);
}

/** In words, or undefined. */
export function missingIn(password: string): string | undefined {
  const missing = passwordGaps(password).map(({ gap, min }) => words[gap](min));
  const last = missing.pop();
  if (last === undefined) return undefined;
  return missing.length === 0 ? last : `${missing.join(', ')} and ${last}`;
}
