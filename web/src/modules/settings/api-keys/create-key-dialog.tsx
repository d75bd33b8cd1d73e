import type { Permission } from '@watchkeeper/contracts';
import type { ApiKeyCreated } from '@watchkeeper/contracts/identity';
import { permissions } from '@watchkeeper/contracts/vocabulary';
import { type FormEvent, useState } from 'react';
import { api } from '../../../api/client';
import { answered, fieldMessages } from '../../../api/problem';
import { copyWords } from '../../../app/copy-words';
import { useOrg } from '../../../app/session';
import { serverNow } from '../../../lib/clock';
import { dayMs } from '../../../lib/time';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { CopyBlock } from '../../../ui/copy';
import { Dialog } from '../../../ui/dialog';
import { Choice, TextField, Toggle } from '../../../ui/field';
import { FormError } from '../form-error';
import { useWrite } from '../use-write';

const expiries = ['30', '90', '365', 'never'] as const;
type Expiry = (typeof expiries)[number];

interface CreateKeyDialogProps {
  open: boolean;
  onClose: () => void;
}

export function CreateKeyDialog({ open, onClose }: CreateKeyDialogProps) {
  // Kept in this dialog alone: the key is shown once.
  const [created, setCreated] = useState<ApiKeyCreated>();

  function close(): void {
    setCreated(undefined);
    onClose();
  }

  return (
    <Dialog
      open={open}
      onClose={close}
      title={created === undefined ? t.settings.keys.create : t.settings.keys.createdTitle}
      closeLabel={t.action.close}
    >
      {created === undefined ? (
        <CreateKeyForm onCreated={setCreated} onCancel={close} />
      ) : (
        <div className="grid gap-4">
          <p className="text-2 text-ink-2">{t.settings.keys.createdText}</p>
          <CopyBlock text={created.key} words={copyWords()} />
          <div>
            <Button variant="primary" onClick={close}>
              {t.settings.keys.done}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

interface CreateKeyFormProps {
  onCreated: (key: ApiKeyCreated) => void;
  onCancel: () => void;
}

interface Draft {
  name: string;
  scopes: Permission[];
  expires_at?: string;
}

function useCreateKey() {
  const { org } = useOrg();
  return useWrite({
    write: (body: Draft) =>
      answered<ApiKeyCreated>(api.POST('/api/v1/{org}/api-keys', { params: { path: { org } }, body })),
    reads: ['apiKeys'],
  });
}

function expiresAt(expiry: Expiry): { expires_at?: string } {
  if (expiry === 'never') return {};
  return { expires_at: new Date(serverNow() + Number(expiry) * dayMs).toISOString() };
}

function CreateKeyForm({ onCreated, onCancel }: CreateKeyFormProps) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<ReadonlySet<Permission>>(new Set<Permission>(['read']));
  const [expiry, setExpiry] = useState<Expiry>('90');
  const [asked, setAsked] = useState(false);
  const create = useCreateKey();

  function submit(event: FormEvent): void {
    event.preventDefault();
    setAsked(true);
    if (create.isPending || scopes.size === 0) return;
    const body = { name: name.trim(), scopes: [...scopes], ...expiresAt(expiry) };
    create.mutate(body, { onSuccess: onCreated });
  }

  return (
    <form onSubmit={submit} className="grid gap-5">
      <TextField
        label={t.settings.keys.name}
        placeholder={t.settings.keys.namePlaceholder}
        autoComplete="off"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldMessages(create.error).name}
      />
      <Scopes chosen={scopes} onChange={setScopes} missing={asked && scopes.size === 0} />
      <div>
        <Choice
          label={t.settings.keys.expiry}
          options={expiries.map((value) => ({ value, label: t.settings.keys.expiries[value] }))}
          value={expiry}
          onChange={setExpiry}
        />
        {expiry === 'never' ? <p className="mt-1.5 text-1 text-ink-3">{t.settings.keys.neverHelp}</p> : null}
      </div>
      <FormError error={create.error} fields={['name']} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={create.isPending}>
          {t.settings.keys.submit}
        </Button>
        <Button variant="quiet" onClick={onCancel}>
          {t.action.cancel}
        </Button>
      </div>
    </form>
  );
}

interface ScopesProps {
  chosen: ReadonlySet<Permission>;
  onChange: (chosen: ReadonlySet<Permission>) => void;
  missing: boolean;
}

/** In plain words, and only what this person may do: nobody gives a program more than they have. */
function Scopes({ chosen, onChange, missing }: ScopesProps) {
  const { can } = useOrg();
  return (
    <fieldset>
      <legend className="mb-2 text-2 font-medium">{t.settings.keys.scopes}</legend>
      <div className="grid gap-2.5 first-letter:uppercase sm:grid-cols-2">
        {permissions.filter(can).map((permission) => (
          <Toggle
            key={permission}
            label={t.permissionName[permission]}
            checked={chosen.has(permission)}
            onChange={(checked) => {
              const next = new Set(chosen);
              if (checked) next.add(permission);
              else next.delete(permission);
              onChange(next);
            }}
          />
        ))}
      </div>
      {missing ? (
        <p role="alert" className="mt-2 text-1 font-medium text-problem">
          {t.settings.keys.scopesMissing}
        </p>
      ) : null}
    </fieldset>
  );
}
