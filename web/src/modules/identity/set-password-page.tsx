import { useQuery } from '@tanstack/react-query';
import type { LinkFacts } from '@watchkeeper/contracts/identity';
import { type FormEvent, useState } from 'react';
import { fieldMessages, isUnauthenticated, messageOf } from '../../api/problem';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { LoadFailed } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button, buttonClass } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { SkeletonRows } from '../../ui/skeleton';
import { AnswerInvitation } from './answer-invitation';
import { Door } from './door';
import { linkQuery } from './invitations';
import { NewPasswordField } from './new-password-field';
import { useSetPassword } from './session-actions';

/** Where one-time links lead: to a password of one's own, to an organization that invites, or to both. */
export function SetPasswordPage({ token }: { token: string | undefined }) {
  usePageTitle(t.setPassword.title);
  if (token === undefined || token === '') {
    return <Ended title={t.setPassword.missingTitle} text={t.setPassword.missingText} />;
  }
  return <Opened token={token} />;
}

function Opened({ token }: { token: string }) {
  const link = useQuery(linkQuery(token));
  if (link.data !== undefined) return <Answering token={token} facts={link.data} />;
  if (isUnauthenticated(link.error)) {
    return <Ended title={t.setPassword.endedTitle} text={t.setPassword.endedText} />;
  }
  return (
    <Door title={t.setPassword.title}>
      {link.error === null ? (
        <SkeletonRows label={t.state.loading} />
      ) : (
        <LoadFailed error={link.error} busy={link.isFetching} onRetry={() => void link.refetch()} />
      )}
    </Door>
  );
}

function Answering({ token, facts }: { token: string; facts: LinkFacts }) {
  const { invitation, email, has_account: hasAccount } = facts;
  if (invitation !== null && hasAccount) {
    return <AnswerInvitation token={token} email={email} invitation={invitation} />;
  }
  const words = t.setPassword;
  return (
    <Door
      title={invitation === null ? words.title : t.invitation.title(invitation.organization.name)}
      lead={
        invitation === null
          ? words.lead
          : t.invitation.newcomer(invitation.invited_by, t.role[invitation.role], email)
      }
    >
      <SetPasswordForm token={token} />
    </Door>
  );
}

function Ended({ title, text }: { title: string; text: string }) {
  return (
    <Door title={title} lead={text}>
      <AppLink to={paths.signIn()} className={buttonClass('secondary', 'w-full')}>
        {t.signIn.submit}
      </AppLink>
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
      <NewPasswordField
        label={t.setPassword.password}
        name="password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={errors.password}
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
