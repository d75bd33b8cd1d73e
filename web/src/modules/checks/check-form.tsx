import type { CheckInput } from '@watchkeeper/contracts/checks';
import { type FormEvent, type ReactNode, useState } from 'react';
import { configErrors, serverErrors } from '../../api/field-errors';
import { messageOf } from '../../api/problem';
import { toSlug } from '../../lib/slug';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { TextField, Toggle } from '../../ui/field';
import { FormFrame } from '../../ui/form-frame';
import { SchemaForm } from '../../ui/schema-form';
import {
  type CheckDraft,
  type CheckFields,
  readCheckDraft,
  type SettingName,
  settingText,
} from './check-draft';
import { PlaceFields } from './place-fields';
import { settingsOf, useInherited } from './use-inherited';

interface CheckFormProps {
  kind: string;
  initial: CheckDraft;
  options: CheckFields;
  /** The slug of the check that is edited; undefined: it is a new one, whose slug follows its name. */
  self?: string;
  /** Whether it is on is not for this form to say. */
  isSwitchedElsewhere?: boolean;
  /** The server's answer to the last attempt. */
  error: unknown;
  onSubmit: (body: Omit<CheckInput, 'kind'>) => void;
  buttons: ReactNode;
}

export function CheckForm(props: CheckFormProps) {
  const { kind, initial, options, self, isSwitchedElsewhere = false, error, onSubmit, buttons } = props;
  const [draft, setDraft] = useState(initial);
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<CheckDraft>();
  const { body, errors: own } = readCheckDraft(draft, options, { ...t.schemaForm, ...t.check });
  const fromServer = sent === draft ? serverErrors(error) : {};
  const errors = { ...fromServer, ...own };
  const shown = tried ? errors : {};
  const mistakes = Object.keys(own).length;
  const set = (change: Partial<CheckDraft>): void => setDraft({ ...draft, ...change });

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    setSent(draft);
    if (mistakes === 0) onSubmit(body);
  }

  return (
    <FormFrame
      onSubmit={submit}
      mistakes={tried && mistakes > 0 ? t.schemaForm.mistakes(mistakes) : null}
      refusal={error !== null && sent === draft ? messageOf(error) : null}
      buttons={buttons}
    >
      <Panel title={t.check.what}>
        <div className="grid gap-5">
          <NameFields draft={draft} onChange={set} errors={shown} isNew={self === undefined} />
          <SchemaForm
            fields={options.fields}
            draft={draft.config}
            onChange={(config) => set({ config })}
            errors={configErrors(errors)}
            showAll={tried}
            words={t.schemaForm}
            secrets={options.secrets}
            kept={options.kept}
          />
        </div>
      </Panel>
      <Panel title={t.check.where}>
        <PlaceFields draft={draft} onChange={set} errors={shown} self={self} />
      </Panel>
      <Panel title={t.check.rhythm}>
        <SettingFields kind={kind} draft={draft} onChange={set} errors={shown} />
        {isSwitchedElsewhere ? null : (
          <div className="mt-5">
            <Toggle
              label={t.check.enabled}
              help={t.check.enabledHelp}
              checked={draft.enabled}
              onChange={(enabled) => set({ enabled })}
            />
          </div>
        )}
      </Panel>
    </FormFrame>
  );
}

interface PartProps {
  draft: CheckDraft;
  onChange: (change: Partial<CheckDraft>) => void;
  errors: Readonly<Record<string, string>>;
}

function NameFields({ draft, onChange, errors, isNew }: PartProps & { isNew: boolean }) {
  const follows = isNew && draft.slug === toSlug(draft.name);
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <TextField
        label={t.check.name}
        required
        maxLength={200}
        value={draft.name}
        error={errors.name}
        onChange={({ currentTarget: { value } }) =>
          onChange(follows ? { name: value, slug: toSlug(value) } : { name: value })
        }
      />
      <TextField
        label={t.check.slug}
        help={t.check.slugHelp}
        required
        maxLength={128}
        autoCapitalize="none"
        spellCheck={false}
        value={draft.slug}
        error={errors.slug}
        onChange={(event) => onChange({ slug: event.currentTarget.value })}
      />
    </div>
  );
}

/** The five settings; an empty field shows the inherited value, and its source below. */
function SettingFields({ kind, draft, onChange, errors }: PartProps & { kind: string }) {
  const inherited = useInherited(draft.device, kind);
  const write = (name: SettingName, text: string): void =>
    onChange({ settings: { ...draft.settings, [name]: text } });
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      {settingsOf(kind).map((name) => {
        const value = settingText(name, inherited.values[name]);
        return (
          <TextField
            key={name}
            label={t.check.settings[name]}
            help={t.check.inheritFrom(value, inherited.from)}
            placeholder={value}
            inputMode="decimal"
            autoComplete="off"
            value={draft.settings[name]}
            error={errors[name]}
            onChange={(event) => write(name, event.currentTarget.value)}
          />
        );
      })}
    </div>
  );
}
