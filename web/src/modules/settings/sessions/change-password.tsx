import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../../api/client';
import { keys } from '../../../api/keys';
import { answered, fieldMessages } from '../../../api/problem';
import { useToast } from '../../../app/toast';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { NewPasswordField } from '../../identity/new-password-field';
import { PasswordField } from '../../identity/password-field';
import { FormError } from '../form-error';

export function ChangePassword({ email }: { email: string }) {
  const words = t.settings.sessions;
  const say = useToast();
  const queryClient = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: (body: { current_password: string; new_password: string }) =>
      answered(api.POST('/api/auth/change-password', { body })),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      say({ tone: 'ok', text: words.passwordChanged });
      void queryClient.invalidateQueries({ queryKey: keys.sessions() });
    },
  });
  const errors = fieldMessages(change.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!change.isPending) change.mutate({ current_password: current, new_password: next });
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      {/* For password managers: whose password this is. */}
      <input type="hidden" name="email" autoComplete="username" value={email} />
      <PasswordField
        label={words.currentPassword}
        name="current-password"
        autoComplete="current-password"
        required
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
        error={errors.current_password}
      />
      <NewPasswordField
        label={words.newPassword}
        name="new-password"
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
        error={errors.new_password}
      />
      <p className="text-1 text-ink-3">{words.passwordText}</p>
      <FormError error={change.error} fields={['current_password', 'new_password']} />
      <div>
        <Button type="submit" busy={change.isPending}>
          {words.changePassword}
        </Button>
      </div>
    </form>
  );
}
