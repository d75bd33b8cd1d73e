import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { ApiError, answered, messageOf } from '../../api/problem';
import { usePageTitle } from '../../app/page-title';
import { t } from '../../messages';
import { safeReturnPath } from '../../paths';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { Door } from './door';
import { PasswordField } from './password-field';
import { useSignIn } from './session-actions';

/** A wrong password is 401 here; elsewhere that means an ended session. */
function signInMessage(error: unknown): string {
  const rejected = error instanceof ApiError && (error.status === 401 || error.status === 400);
  return rejected ? t.signIn.rejected : messageOf(error);
}

export function SignInPage({ to }: { to: string | undefined }) {
  usePageTitle(t.signIn.title);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const passwordField = useRef<HTMLInputElement>(null);
  const signIn = useSignIn(safeReturnPath(to));
  const setup = useQuery({
    queryKey: keys.setup(),
    queryFn: ({ signal }) => answered(api.GET('/api/setup', { signal })),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (signIn.isPending) return;
    signIn.mutate({ email: email.trim(), password }, { onError: () => passwordField.current?.select() });
  }

  return (
    <Door title={t.signIn.title} lead={to === undefined ? undefined : t.signIn.lead}>
      {setup.data?.needed === true ? (
        <Notice tone="unknown" className="mb-5">
          {t.signIn.setupNeeded}
        </Notice>
      ) : null}
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label={t.signIn.email}
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordField
          label={t.signIn.password}
          name="password"
          autoComplete="current-password"
          required
          ref={passwordField}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {signIn.error === null ? null : (
          <Notice tone="attention" role="alert">
            {signInMessage(signIn.error)}
          </Notice>
        )}
        <Button variant="primary" type="submit" busy={signIn.isPending} className="mt-1 w-full">
          {t.signIn.submit}
        </Button>
      </form>
    </Door>
  );
}
