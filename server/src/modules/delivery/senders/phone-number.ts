import Type from 'typebox';

/** A telephone number in the form of E.164, as SMS services take it. */
export const phoneNumberPattern = '^\\+[1-9]\\d{6,14}$';
const patternHelp = 'Write + and the country code, without spaces, such as +15005550006.';

export const phoneNumbersMax = 50;

/** The field of people who get text messages. */
export function phoneNumbersField() {
  return Type.Array(Type.String({ pattern: phoneNumberPattern, patternHelp, examples: ['+15005550006'] }), {
    title: 'Numbers',
    description: `Telephone numbers with + and the country code, at most ${phoneNumbersMax}. Each message to each number costs money.`,
    minItems: 1,
    maxItems: phoneNumbersMax,
  });
}

/** Each number once. */
export function phoneRecipients(numbers: readonly string[]): { label: string; identity: string }[] {
  return [...new Set(numbers)].map((number) => ({ label: number, identity: number }));
}
