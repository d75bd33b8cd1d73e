import { useState } from 'react';
import { setPreferences, usePreferences } from '../../lib/preferences';
import { readTheme, setTheme, type Theme, themes } from '../../lib/theme';
import { languageNames, t } from '../../messages';
import { Panel } from '../../ui/card';
import { Choice, SelectField, Toggle } from '../../ui/field';
import { SectionHead } from './section-head';

export function PreferencesSection() {
  return (
    <>
      <SectionHead section="preferences" sub={t.settings.preferences.browser}>
        {t.settings.preferences.sentence}
      </SectionHead>
      <div className="mt-6 grid max-w-2xl gap-4">
        <AppearancePanel />
        <TimesPanel />
        <LanguagePanel />
        <KeyboardPanel />
      </div>
    </>
  );
}

function AppearancePanel() {
  const [theme, choose] = useState<Theme>(readTheme);
  return (
    <Panel title={t.settings.preferences.appearance}>
      <Choice
        label={t.theme.label}
        options={themes.map((value) => ({ value, label: t.theme[value] }))}
        value={theme}
        onChange={(value) => {
          setTheme(value);
          choose(value);
        }}
      />
    </Panel>
  );
}

const zones = ['mine', 'site'] as const;
const timeStyles = ['ages', 'clock'] as const;

function TimesPanel() {
  const { zone, times } = usePreferences();
  return (
    <Panel title={t.settings.preferences.times}>
      <div className="grid gap-5">
        <Choice
          label={t.times.zone}
          options={zones.map((value) => ({ value, label: t.times[value] }))}
          value={zone}
          onChange={(value) => setPreferences({ zone: value })}
        />
        <Choice
          label={t.times.style}
          options={timeStyles.map((value) => ({ value, label: t.times[value] }))}
          value={times}
          onChange={(value) => setPreferences({ times: value })}
        />
      </div>
    </Panel>
  );
}

/** Words are chosen before the first paint, so another language starts the page anew. */
function LanguagePanel() {
  const { language } = usePreferences();
  return (
    <Panel title={t.times.language}>
      <SelectField
        hideLabel
        label={t.times.language}
        value={language ?? ''}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          setPreferences({ language: chosen === '' ? null : chosen });
          location.reload();
        }}
      >
        <option value="">{t.times.asBrowser}</option>
        {Object.entries(languageNames).map(([tag, name]) => (
          <option key={tag} value={tag}>
            {name}
          </option>
        ))}
      </SelectField>
    </Panel>
  );
}

function KeyboardPanel() {
  const { shortcuts } = usePreferences();
  return (
    <Panel title={t.settings.preferences.keyboard}>
      <Toggle
        label={t.shortcuts.enabled}
        help={t.shortcuts.enabledHelp}
        checked={shortcuts}
        onChange={(checked) => setPreferences({ shortcuts: checked })}
      />
    </Panel>
  );
}
