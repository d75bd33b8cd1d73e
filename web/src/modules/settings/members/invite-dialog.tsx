import type { Role } from '@watchkeeper/contracts';
import type { MemberCreated } from '@watchkeeper/contracts/identity';
import { type FormEvent, useState } from 'react';
import { fieldMessages } from '../../../api/problem';
import { useOrg } from '../../../app/session';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { SelectField, TextField } from '../../../ui/field';
import { FormError } from '../form-error';
import { useInvite } from './actions';
import { PasswordLinkNote } from './password-link-note';
import { grantableRoles } from './rules';

interface InviteDialogProps {
  open: boolean;
  onClose: () => void;
}

export function InviteDialog({ open, onClose }: InviteDialogProps) {
  // Kept in this dialog alone: the link is shown once.
  const [created, setCreated] = useState<MemberCreated>();

  function close(): void {
    setCreated(undefined);
    onClose();
  }

  return (
    <Dialog
      open={open}
      onClose={close}
      title={created === undefined ? t.settings.members.invite : t.settings.members.invited(created.email)}
      closeLabel={t.action.close}
    >
      {created === undefined ? (
        <InviteForm onCreated={setCreated} onCancel={close} />
      ) : (
        <PasswordLinkNote link={created.invitation} newcomer={created.set_password !== null} onDone={close} />
      )}
    </Dialog>
  );
}

interface InviteFormProps {
  onCreated: (member: MemberCreated) => void;
  onCancel: () => void;
}

function InviteForm({ onCreated, onCancel }: InviteFormProps) {
  const { can } = useOrg();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const invite = useInvite();
  const errors = fieldMessages(invite.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (invite.isPending) return;
    const body = { email: email.trim(), role, ...(name.trim() === '' ? {} : { name: name.trim() }) };
    invite.mutate(body, { onSuccess: onCreated });
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      <p className="text-1 text-ink-2">{t.settings.members.inviteText}</p>
      <TextField
        label={t.settings.email}
        type="email"
        autoComplete="off"
        required
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={errors.email}
      />
      <TextField
        label={t.settings.members.name}
        help={t.settings.members.nameHelp}
        autoComplete="off"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={errors.name}
      />
      <RoleSelect
        label={t.settings.members.role}
        roles={grantableRoles(can)}
        value={role}
        onChange={setRole}
      />
      <FormError error={invite.error} fields={['email', 'name']} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={invite.isPending}>
          {t.settings.members.submit}
        </Button>
        <Button variant="quiet" onClick={onCancel}>
          {t.action.cancel}
        </Button>
      </div>
    </form>
  );
}

interface RoleSelectProps {
  label: string;
  hideLabel?: boolean;
  roles: readonly Role[];
  value: Role;
  onChange: (role: Role) => void;
}

export function RoleSelect({ label, hideLabel = false, roles, value, onChange }: RoleSelectProps) {
  return (
    <SelectField
      label={label}
      hideLabel={hideLabel}
      value={value}
      onChange={(event) => {
        const chosen = roles.find((role) => role === event.currentTarget.value);
        if (chosen !== undefined) onChange(chosen);
      }}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {t.role[role]}
        </option>
      ))}
    </SelectField>
  );
}
