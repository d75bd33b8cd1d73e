import { type PasswordGap, passwordGaps, passwordLengthMin } from '@watchkeeper/contracts/password-rules';
import type { ComponentProps } from 'react';
import { t } from '../../messages';
import { PasswordField } from './password-field';

interface NewPasswordFieldProps extends Omit<ComponentProps<typeof PasswordField>, 'value' | 'help' | 'ref'> {
  value: string;
}

/** The missing parts of a password, in words; empty when complete. */
function lackingWords(password: string): string {
  const gaps = passwordGaps(password).map(({ gap }) => gap);
  const words: Record<PasswordGap, string> = t.setup.passwordGap(passwordLengthMin);
  return gaps.length === 0 ? '' : t.setup.passwordLacks(gaps.map((gap) => words[gap]));
}

/** A password that is chosen now. The browser holds the form back until nothing is missing, and says what is. */
export function NewPasswordField({ value, ...props }: NewPasswordFieldProps) {
  return (
    <PasswordField
      {...props}
      autoComplete="new-password"
      required
      value={value}
      help={t.setup.passwordHelp(passwordLengthMin)}
      ref={(field: HTMLInputElement | null) => field?.setCustomValidity(lackingWords(value))}
    />
  );
}
