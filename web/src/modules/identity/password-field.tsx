import { type ComponentProps, useState } from 'react';
import { t } from '../../messages';
import { TextField } from '../../ui/field';

type PasswordFieldProps = Omit<ComponentProps<typeof TextField>, 'type' | 'aside'>;

/** A password that can be looked at: typing long ones blind on a phone is how short ones come about. */
export function PasswordField(props: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={shown ? 'text' : 'password'}
      aside={
        <button
          type="button"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="-my-1 rounded-1 px-1 py-1 text-1 text-accent max-sm:-my-3 max-sm:min-h-11"
        >
          {shown ? t.signIn.hidePassword : t.signIn.showPassword}
        </button>
      }
    />
  );
}
