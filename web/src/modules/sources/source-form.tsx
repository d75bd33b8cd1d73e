import { useQuery } from '@tanstack/react-query';
import type { SourceInput } from '@watchkeeper/contracts/sources';
import { type FormEvent, type ReactNode, useState } from 'react';
import { configErrors, serverErrors } from '../../api/field-errors';
import { messageOf } from '../../api/problem';
import { sitesQuery } from '../../api/queries/inventory';
import { useOrg } from '../../app/session';
import { toSlug } from '../../lib/slug';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { SelectField, TextField, Toggle } from '../../ui/field';
import { FormFrame } from '../../ui/form-frame';
import { Notice } from '../../ui/notice';
import { SchemaForm } from '../../ui/schema-form';
import { hasMoved, readSourceDraft, type SourceDraft, type SourceFields } from './source-draft';

interface SourceFormProps {
  initial: SourceDraft;
  options: SourceFields;
  /** It exists: its slug stays, and is not asked for. */
  isKnown?: boolean;
  /** What the server said to the last attempt. */
  error: unknown;
  onSubmit: (body: Omit<SourceInput, 'kind'>) => void;
  buttons: ReactNode;
}

export function SourceForm({ initial, options, isKnown = false, error, onSubmit, buttons }: SourceFormProps) {
  const [draft, setDraft] = useState(initial);
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<SourceDraft>();
  const moved = options.kept.length > 0 && hasMoved(draft, initial, options);
  const { body, errors: own } = readSourceDraft(draft, options, { ...t.schemaForm, ...t.sources }, moved);
  const fromServer = sent === draft ? serverErrors(error) : {};
  const errors = { ...fromServer, ...own };
  const shown = tried ? errors : {};
  const mistakes = Object.keys(own).length;
  const set = (change: Partial<SourceDraft>): void => setDraft({ ...draft, ...change });

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
      <Panel title={t.sources.access}>
        <div className="grid gap-5">
          <NameFields draft={draft} onChange={set} errors={shown} isKnown={isKnown} />
          <SchemaForm
            fields={options.fields}
            draft={draft.config}
            onChange={(config) => set({ config })}
            errors={configErrors(errors)}
            showAll={tried}
            words={t.schemaForm}
            secrets={options.secrets}
            kept={moved ? [] : options.kept}
          />
          {moved ? (
            <Notice tone="attention" role="status" title={t.sources.addressChanged}>
              {t.sources.addressChangedText}
            </Notice>
          ) : null}
        </div>
      </Panel>
      <Panel title={t.sources.rhythm}>
        <RhythmFields draft={draft} onChange={set} errors={shown} />
      </Panel>
    </FormFrame>
  );
}

interface PartProps {
  draft: SourceDraft;
  onChange: (change: Partial<SourceDraft>) => void;
  errors: Readonly<Record<string, string>>;
}

function NameFields({ draft, onChange, errors, isKnown }: PartProps & { isKnown: boolean }) {
  const follows = !isKnown && draft.slug === toSlug(draft.name);
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <TextField
        label={t.sources.name}
        required
        maxLength={200}
        value={draft.name}
        error={errors.name}
        onChange={({ currentTarget: { value } }) =>
          onChange(follows ? { name: value, slug: toSlug(value) } : { name: value })
        }
      />
      {isKnown ? null : (
        <TextField
          label={t.sources.slug}
          help={t.sources.slugHelp}
          required
          maxLength={63}
          autoCapitalize="none"
          spellCheck={false}
          value={draft.slug}
          error={errors.slug}
          onChange={(event) => onChange({ slug: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

function RhythmFields({ draft, onChange, errors }: PartProps) {
  const { org } = useOrg();
  const sites = useQuery(sitesQuery(org)).data?.data ?? [];
  return (
    <div className="grid gap-5">
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          label={t.sources.interval}
          help={t.sources.intervalHelp}
          autoComplete="off"
          value={draft.interval}
          error={errors.interval}
          onChange={(event) => onChange({ interval: event.currentTarget.value })}
        />
        <TextField
          label={t.sources.timeout}
          help={t.sources.timeoutHelp}
          autoComplete="off"
          value={draft.timeout}
          error={errors.timeout}
          onChange={(event) => onChange({ timeout: event.currentTarget.value })}
        />
        <TextField
          label={t.sources.alertAfter}
          help={t.sources.alertAfterHelp}
          inputMode="numeric"
          autoComplete="off"
          value={draft.alertAfter}
          error={errors.alert_after_failures}
          onChange={(event) => onChange({ alertAfter: event.currentTarget.value })}
        />
        <SelectField
          label={t.sources.site}
          help={t.sources.siteHelp}
          value={draft.site}
          error={errors.site}
          onChange={(event) => onChange({ site: event.currentTarget.value })}
        >
          <option value="">{t.sources.noSite}</option>
          {sites.map((site) => (
            <option key={site.id} value={site.slug}>
              {site.name}
            </option>
          ))}
        </SelectField>
      </div>
      <Toggle
        label={t.sources.enabled}
        help={t.sources.enabledHelp}
        checked={draft.enabled}
        onChange={(enabled) => onChange({ enabled })}
      />
    </div>
  );
}
