import { useState } from 'react';
import { setPreferences, usePreferences } from '../../lib/preferences';
import { readTheme, setTheme, type Theme, themes } from '../../lib/theme';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Choice, Toggle } from '../../ui/field';
import { SectionHead } from './section-head';

export function PreferencesSection() {
  return (
    <>
      <SectionHead section="preferences" sub={t.settings.preferences.browser}>
        {t.settings.preferences.sentence}
      </SectionHead>
      <div className="mt-6 grid max-w-2xl gap-4">
        <AppearancePanel />
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
