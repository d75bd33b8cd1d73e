/** For new passwords; the console checks the same rules during typing. */
export const passwordLengthMin = 12;

export type PasswordGap = 'length' | 'number' | 'special';

/** The missing parts of a new password, in the order of the message. Characters count as people see them. */
export function passwordGaps(password: string): { gap: PasswordGap; min: number }[] {
  const gaps: PasswordGap[] = [];
  if ([...password].length < passwordLengthMin) gaps.push('length');
  if (!/\p{Number}/u.test(password)) gaps.push('number');
  if (!/[^\p{Letter}\p{Mark}\p{Number}]/u.test(password)) gaps.push('special');
  return gaps.map((gap) => ({ gap, min: passwordLengthMin }));
}
