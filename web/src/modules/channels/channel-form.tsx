import type { ChannelCreate } from '@watchkeeper/contracts/notifications';
import { type Severity, severities } from '@watchkeeper/contracts/vocabulary';
import { type FormEvent, type ReactNode, useState } from 'react';
import { configErrors, serverErrors } from '../../api/field-errors';
import { messageOf } from '../../api/problem';
import { t } from '../../messages';
import { Choice, TextField, Toggle } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { SchemaForm } from '../../ui/schema-form';
import { type ChannelDraft, type ChannelFields, readChannelDraft } from './channel-draft';

interface ChannelFormProps {
  initial: ChannelDraft;
  options: ChannelFields;
  /** The server's variables decide the settings: they are not offered. */
  isFixed?: boolean;
  /** The server's answer to the last attempt. */
  error: unknown;
  onSubmit: (body: Omit<ChannelCreate, 'kind'>) => void;
  buttons: ReactNode;
}

export function ChannelForm({
  initial,
  options,
  isFixed = false,
  error,
  onSubmit,
  buttons,
}: ChannelFormProps) {
  const [draft, setDraft] = useState(initial);
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<ChannelDraft>();
  const { body, errors: own } = readChannelDraft(draft, options, { ...t.schemaForm, ...t.channel });
  const fromServer = sent === draft ? serverErrors(error) : {};
  const errors = { ...fromServer, ...own };
  const shown = tried ? errors : {};
  const set = (change: Partial<ChannelDraft>): void => setDraft({ ...draft, ...change });

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    setSent(draft);
    if (Object.keys(own).length === 0) onSubmit(body);
  }

  return (
    <form noValidate onSubmit={submit} className="grid gap-5">
      <TextField
        label={t.channel.name}
        placeholder={t.channel.namePlaceholder}
        required
        maxLength={200}
        value={draft.name}
        error={shown.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      {isFixed ? null : (
        <SchemaForm
          fields={options.fields}
          draft={draft.config}
          onChange={(config) => set({ config })}
          errors={configErrors(errors)}
          showAll={tried}
          words={t.schemaForm}
          secrets={options.secrets}
          kept={options.kept}
          generated={options.generated}
        />
      )}
      <div className="grid gap-1.5">
        <Choice<Severity>
          label={t.channel.minSeverity}
          options={severities.map((value) => ({ value, label: t.severity[value] }))}
          value={draft.minSeverity}
          onChange={(minSeverity) => set({ minSeverity })}
        />
        <p className="text-1 text-ink-3">{t.channel.minSeverityHelp}</p>
      </div>
      <Toggle
        label={t.channel.escalationOnly}
        help={t.channel.escalationOnlyHelp}
        checked={draft.escalationOnly}
        onChange={(escalationOnly) => set({ escalationOnly })}
      />
      {isFixed ? null : (
        <Toggle
          label={t.channel.enabled}
          help={t.channel.enabledHelp}
          checked={draft.enabled}
          onChange={(enabled) => set({ enabled })}
        />
      )}
      {error !== null && sent === draft && Object.keys(fromServer).length === 0 ? (
        <Notice tone="attention" role="alert">
          {messageOf(error)}
        </Notice>
      ) : null}
      <div className="flex flex-wrap gap-2">{buttons}</div>
    </form>
  );
}
