import { useQuery } from '@tanstack/react-query';
import type { LinkFacts } from '@watchkeeper/contracts/identity';
import { messageOf } from '../../api/problem';
import { AppLink, useGo } from '../../app/link';
import { meQuery } from '../../app/session';
import { outer } from '../../base';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button, buttonClass } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { SkeletonRows } from '../../ui/skeleton';
import { Door } from './door';
import { useAccept, useDecline } from './invitations';
import { useSignOut } from './session-actions';

interface AnswerInvitationProps {
  token: string;
  email: string;
  invitation: NonNullable<LinkFacts['invitation']>;
}

/** Somebody with an account says yes or no, signed in as who was asked. */
export function AnswerInvitation({ token, email, invitation }: AnswerInvitationProps) {
  const me = useQuery({ ...meQuery, retry: false });
  const { organization, invited_by: by, role } = invitation;
  return (
    <Door title={t.invitation.title(organization.name)} lead={t.invitation.lead(by, t.role[role], email)}>
      {me.isPending ? (
        <SkeletonRows label={t.state.loading} />
      ) : me.data?.user?.email === email ? (
        <Answers token={token} invitation={invitation} />
      ) : (
        <SignInFirst token={token} signedInAs={me.data?.user?.email} />
      )}
    </Door>
  );
}

function Answers({ token, invitation }: Omit<AnswerInvitationProps, 'email'>) {
  const go = useGo();
  const accept = useAccept();
  const decline = useDecline(() => go(paths.home(), { replace: true }));
  const error = accept.error ?? decline.error;
  return (
    <div className="grid gap-3">
      {error === null ? null : (
        <Notice tone="attention" role="alert">
          {messageOf(error)}
        </Notice>
      )}
      <Button
        variant="primary"
        className="w-full"
        busy={accept.isPending}
        onClick={() => accept.mutate(token)}
      >
        {t.invitation.accept}
      </Button>
      <Button
        className="w-full"
        busy={decline.isPending}
        onClick={() => decline.mutate({ id: invitation.id, organization: invitation.organization.name })}
      >
        {t.invitation.decline}
      </Button>
    </div>
  );
}

function SignInFirst({ token, signedInAs }: { token: string; signedInAs: string | undefined }) {
  const signOut = useSignOut();
  const here = paths.setPassword({ token });
  if (signedInAs === undefined) {
    return (
      <AppLink to={paths.signIn({ to: here })} className={buttonClass('primary', 'w-full')}>
        {t.signIn.submit}
      </AppLink>
    );
  }
  return (
    <div className="grid gap-3">
      <Notice tone="unknown">{t.invitation.another(signedInAs)}</Notice>
      <Button
        className="w-full"
        busy={signOut.isPending}
        onClick={() => signOut.mutate(undefined, { onSettled: () => location.assign(outer(here)) })}
      >
        {t.invitation.signOut}
      </Button>
    </div>
  );
}
