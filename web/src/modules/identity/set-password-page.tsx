import { type FormEvent, useState } from 'react';
import { fieldMessages, messageOf } from '../../api/problem';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button, buttonClass } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { Door } from './door';
import { passwordLengthMin } from './limits';
import { PasswordField } from './password-field';
import { useSetPassword } from './session-actions';

/** A new member chooses a password with the one-time link, and is signed in by it. */
export function SetPasswordPage({ token }: { token: string | undefined }) {
  usePageTitle(t.setPassword.title);
  if (token === undefined || token === '') {
    return (
      <Door title={t.setPassword.missingTitle} lead={t.setPassword.missingText}>
        <AppLink to={paths.signIn()} className={buttonClass('secondary', 'w-full')}>
          {t.signIn.submit}
        </AppLink>
      </Door>
    );
  }
  return (
    <Door title={t.setPassword.title} lead={t.setPassword.lead}>
      <SetPasswordForm token={token} />
    </Door>
  );
}

function SetPasswordForm({ token }: { token: string }) {
  const [password, setPassword] = useState('');
  const save = useSetPassword();
  const errors = fieldMessages(save.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending) save.mutate({ token, password });
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      <PasswordField
        label={t.setPassword.password}
        name="password"
        autoComplete="new-password"
        required
        minLength={passwordLengthMin}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={errors.password}
        help={t.setup.passwordHelp(passwordLengthMin)}
      />
      {save.error !== null && errors.password === undefined ? (
        <Notice tone="attention" role="alert">
          {messageOf(save.error)}
        </Notice>
      ) : null}
      <Button variant="primary" type="submit" busy={save.isPending} className="w-full">
        {t.setPassword.submit}
      </Button>
    </form>
  );
}
