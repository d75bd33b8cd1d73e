import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, fieldMessages, messageOf } from '../../api/problem';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { LoadFailed } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button, buttonClass } from '../../ui/button';
import { TextField } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { SkeletonRows } from '../../ui/skeleton';
import { Door } from './door';
import { NewPasswordField } from './new-password-field';
import { useCompleteSetup } from './session-actions';

function ToSignIn() {
  return (
    <AppLink to={paths.signIn()} className={buttonClass('primary', 'w-full')}>
      {t.signIn.submit}
    </AppLink>
  );
}

/** The first owner comes in here, once, by the link from the server's log. */
export function SetupPage({ token }: { token: string | undefined }) {
  usePageTitle(t.setup.title);
  const setup = useQuery({
    queryKey: keys.setup(),
    queryFn: ({ signal }) => answered(api.GET('/api/setup', { signal })),
  });

  if (setup.data === undefined) {
    return (
      <Door title={t.setup.title}>
        {setup.error === null ? (
          <SkeletonRows label={t.state.loading} />
        ) : (
          <LoadFailed error={setup.error} busy={setup.isFetching} onRetry={() => void setup.refetch()} />
        )}
      </Door>
    );
  }
  if (!setup.data.needed) {
    return (
      <Door title={t.setup.doneTitle} lead={t.setup.doneText}>
        <ToSignIn />
      </Door>
    );
  }
  if (token === undefined || token === '') {
    return (
      <Door title={t.setup.missingTitle} lead={t.setup.missingText}>
        <Button onClick={() => location.reload()} className="w-full">
          {t.action.retry}
        </Button>
      </Door>
    );
  }
  return (
    <Door title={t.setup.title} lead={t.setup.lead}>
      <SetupForm token={token} />
    </Door>
  );
}

function SetupForm({ token }: { token: string }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const setup = useCompleteSetup();
  const errors = fieldMessages(setup.error);
  const general =
    setup.error !== null && Object.keys(errors).length === 0 ? messageOf(setup.error) : undefined;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!setup.isPending) setup.mutate({ token, name: name.trim(), email: email.trim(), password });
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      <TextField
        label={t.setup.name}
        name="name"
        autoComplete="name"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={errors.name}
      />
      <TextField
        label={t.setup.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={errors.email}
      />
      <NewPasswordField
        label={t.setup.password}
        name="password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={errors.password}
      />
      {general === undefined ? null : (
        <Notice tone="attention" role="alert">
          {general}
        </Notice>
      )}
      <Button variant="primary" type="submit" busy={setup.isPending} className="mt-1 w-full">
        {t.setup.submit}
      </Button>
    </form>
  );
}
