import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { overviewQuery } from '../api/queries/overview';
import { useOrg } from '../app/session';
import { t } from '../messages';
import { needsYou } from '../modules/alerting/weight';

/** Tells a screen reader of alerts that arrive while the page is open; what was there before is on the page. */
export function Announcer() {
  const { org } = useOrg();
  const { data } = useQuery(overviewQuery(org));
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  const [news, setNews] = useState('');

  useEffect(() => {
    if (data === undefined) return;
    const waiting = data.alerts.filter(needsYou);
    const before = known.current;
    known.current = new Set(waiting.map((alert) => alert.id));
    const arrived = before === undefined ? undefined : waiting.find((alert) => !before.has(alert.id));
    if (arrived !== undefined) setNews(t.alert.arrived(arrived.title));
  }, [data]);

  return (
    <div role="status" className="sr-only">
      {news}
    </div>
  );
}
