import type { Overview } from '@watchkeeper/contracts/alerting';
import { useState } from 'react';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button } from '../../ui/button';
import { Section } from '../../ui/card';
import { Log } from '../../ui/log';
import { At } from '../../ui/moment';
import { toneOfTransition } from '../alerting/transition-tone';

type Change = Overview['changes'][number];

const shownFirst = 12;

/** The person who did it; undefined for Watchkeeper itself. */
function noteOf(change: Change): string {
  const what = t.transition[change.kind];
  if (change.actor !== t.product) return `${what} ${t.alert.by(change.actor)}`;
  return change.kind === 'resolved' && change.type === 'device_offline' ? t.overview.back : what;
}

export function ChangeLog({ changes }: { changes: readonly Change[] }) {
  const { org } = useOrg();
  const [all, setAll] = useState(false);
  const shown = all ? changes : changes.slice(0, shownFirst);
  return (
    <Section title={t.overview.lastHour}>
      {changes.length === 0 ? (
        <p className="text-ink-3">{t.overview.quietHour}</p>
      ) : (
        <Log
          entries={shown.map((change) => ({
            id: `${change.alert_id} ${change.kind} ${change.at}`,
            time: <At at={change.at} language={t.language} />,
            tone: toneOfTransition(change.kind, change.severity),
            text: (
              <AppLink to={paths.alert({ org, alert: change.alert_id })} className="hover:underline">
                {change.title}
              </AppLink>
            ),
            note: noteOf(change),
          }))}
        />
      )}
      {changes.length > shown.length ? (
        <Button className="mt-3" onClick={() => setAll(true)}>
          {t.count.more(changes.length - shown.length)}
        </Button>
      ) : null}
    </Section>
  );
}
