import type {
  MonitoringChange,
  MonitoringConfig,
  MonitoringSetting,
} from '@watchkeeper/contracts/operations';
import { type FormEvent, useState } from 'react';
import { fieldMessages } from '../../api/problem';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { formatExact } from '../../lib/time';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { TextField } from '../../ui/field';
import { FormError } from '../settings/form-error';
import { useWrite } from '../settings/use-write';
import { saveSettings } from './queries';

const groups = ['intervals', 'thresholds', 'retention'] as const;
type Draft = Readonly<Record<string, string>>;

/** The monitoring settings, and where each value comes from. */
export function SettingsForm({ config }: { config: MonitoringConfig }) {
  return (
    <Panel title={t.system.settings}>
      <p className="mb-5 max-w-[70ch] text-2 text-ink-2">{t.system.settingsText}</p>
      {config.editable ? <Form config={config} /> : <ReadOnly config={config} />}
    </Panel>
  );
}

function titleOf({ name, title }: MonitoringSetting): string {
  const titles: Readonly<Record<string, string>> = t.system.setting;
  return titles[name] ?? title;
}

function originOf({ source, variable, set_by: by, set_at: at }: MonitoringSetting): string {
  if (source === 'set' && by !== null && at !== null)
    return t.system.setBy(by, formatExact(Date.parse(at), t.language));
  return source === 'environment' ? t.system.fromEnvironment(variable) : t.system.isDefault(variable);
}

function ReadOnly({ config }: { config: MonitoringConfig }) {
  return (
    <div className="grid gap-6 lg:grid-cols-3">
      {groups.map((group) => (
        <section key={group} aria-label={t.system.group[group]}>
          <h3 className="mb-2 text-2 font-semibold">{t.system.group[group]}</h3>
          <Facts
            facts={config.settings
              .filter((setting) => setting.group === group)
              .map((setting) => ({
                label: titleOf(setting),
                value: (
                  <>
                    {setting.value} {setting.unit}
                    <span className="block text-1 text-ink-3">{originOf(setting)}</span>
                  </>
                ),
              }))}
          />
        </section>
      ))}
      <p className="text-1 text-ink-3 lg:col-span-3">{t.system.settingsOwners}</p>
    </div>
  );
}

function Form({ config }: { config: MonitoringConfig }) {
  const { org } = useOrg();
  const say = useToast();
  /** Only what was touched: what others change meanwhile shows through. */
  const [draft, setDraft] = useState<Draft>({});
  const save = useWrite({
    write: (change: MonitoringChange) => saveSettings(org, change),
    reads: ['operations', 'rules', 'rule'],
    onDone: () => {
      setDraft({});
      say({ tone: 'ok', text: t.system.saved });
    },
  });
  const change = changeOf(config, draft);
  const mistakes = mistakesIn(config, draft);
  const answered = fieldMessages(save.error);
  const count = Object.keys(change).length;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending && count > 0 && Object.keys(mistakes).length === 0) save.mutate(change);
  }

  return (
    <form onSubmit={submit} noValidate>
      <div className="grid gap-x-6 gap-y-8 lg:grid-cols-3">
        {groups.map((group) => (
          <fieldset key={group} className="grid min-w-0 content-start gap-4">
            <legend className="mb-3 text-2 font-semibold">{t.system.group[group]}</legend>
            {config.settings
              .filter((setting) => setting.group === group)
              .map((setting) => (
                <SettingField
                  key={setting.name}
                  setting={setting}
                  text={draft[setting.name] ?? String(setting.value)}
                  error={mistakes[setting.name] ?? answered[setting.name]}
                  onChange={(text) => setDraft((before) => ({ ...before, [setting.name]: text }))}
                  onReset={() => save.mutate({ [setting.name]: null })}
                />
              ))}
          </fieldset>
        ))}
      </div>
      <div className="mt-6 grid gap-4">
        <FormError error={save.error} fields={config.settings.map((setting) => setting.name)} />
        <div className="flex flex-wrap items-center gap-3">
          <Button
            type="submit"
            variant="primary"
            busy={save.isPending}
            disabledReason={count === 0 ? t.system.nothingChanged : undefined}
          >
            {t.system.save}
          </Button>
          <Button
            variant="quiet"
            disabledReason={count === 0 ? t.system.nothingChanged : undefined}
            onClick={() => setDraft({})}
          >
            {t.system.discard}
          </Button>
        </div>
      </div>
    </form>
  );
}

interface SettingFieldProps {
  setting: MonitoringSetting;
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
  onReset: () => void;
}

function SettingField({ setting, text, error, onChange, onReset }: SettingFieldProps) {
  const title = titleOf(setting);
  return (
    <TextField
      label={title}
      inputMode="decimal"
      suffix={setting.unit}
      value={text}
      error={error}
      help={originOf(setting)}
      aside={
        setting.source === 'set' ? (
          <button
            type="button"
            onClick={onReset}
            aria-label={t.system.putBackOf(title, `${setting.environment_value} ${setting.unit}`)}
            className="text-1 font-medium text-accent hover:underline max-sm:-my-3 max-sm:min-h-11"
          >
            {t.system.putBack(`${setting.environment_value} ${setting.unit}`)}
          </button>
        ) : undefined
      }
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function numberIn(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'));
}

function changeOf(config: MonitoringConfig, draft: Draft): MonitoringChange {
  const changed = config.settings.flatMap(({ name, value }) => {
    const text = draft[name];
    return text === undefined || numberIn(text) === value ? [] : [[name, numberIn(text)]];
  });
  return Object.fromEntries(changed);
}

function mistakesIn(config: MonitoringConfig, draft: Draft): Record<string, string> {
  const mistakes = config.settings.flatMap(({ name, min, max, integer }) => {
    const text = draft[name];
    if (text === undefined) return [];
    const value = numberIn(text);
    const isRight = value >= min && value <= max && (!integer || Number.isInteger(value));
    return isRight ? [] : [[name, integer ? t.system.wholeFrom(min, max) : t.system.numberFrom(min, max)]];
  });
  return Object.fromEntries(mistakes);
}
