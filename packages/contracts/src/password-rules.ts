/** Of passwords that are chosen now; the console holds them against the same rules while they are typed. */
export const passwordLengthMin = 12;

export type PasswordGap = 'length' | 'number' | 'special';

/** What a new password lacks, in the order in which it is told. Characters count as people see them. */
export function passwordGaps(password: string): { gap: PasswordGap; min: number }[] {
  const gaps: PasswordGap[] = [];
  if ([...password].length < passwordLengthMin) gaps.push('length');
  if (!/\p{Number}/u.test(password)) gaps.push('number');
  if (!/[^\p{Letter}\p{Mark}\p{Number}]/u.test(password)) gaps.push('special');
  return gaps.map((gap) => ({ gap, min: passwordLengthMin }));
}
