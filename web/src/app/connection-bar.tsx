import { useEffect, useRef } from 'react';
import { useNow } from '../lib/clock';
import { formatRelative } from '../lib/time';
import { t } from '../messages';
import { Button } from '../ui/button';
import { Mark } from '../ui/mark';
import { Notice } from '../ui/notice';
import { useConnection } from './live';
import { useToast } from './toast';

/**
 * Says so when the page no longer hears the server, and that it heals by itself; nothing while all is well.
 * It floats, so that what somebody is about to press does not move.
 */
export function ConnectionBar() {
  const { connection, retry } = useConnection();
  const say = useToast();
  const now = useNow();
  const wasLost = useRef(false);

  useEffect(() => {
    if (connection.state === 'live' && wasLost.current) say({ tone: 'ok', text: t.connection.back });
    if (connection.state === 'live') wasLost.current = false;
    if (connection.state === 'lost') wasLost.current = true;
  }, [connection.state, say]);

  if (connection.state !== 'lost') return null;
  return (
    <Notice
      tone="attention"
      role="status"
      className="fixed inset-x-4 bottom-20 z-30 max-w-2xl shadow-float md:bottom-4 md:left-60"
      title={t.connection.lostTitle}
      action={<Button onClick={retry}>{t.connection.tryNow}</Button>}
    >
      {/* The age would be announced anew each second. */}
      <span aria-hidden="true">
        {t.connection.lostText(formatRelative(connection.since, now, t.language))}
      </span>
    </Notice>
  );
}

/** "Live, last signal 2 s ago": the heartbeat of the page itself. */
export function LiveMark({ lastSignalAt }: { lastSignalAt: string | null }) {
  const { connection } = useConnection();
  const now = useNow();
  if (connection.state === 'live') {
    const age = lastSignalAt === null ? undefined : formatRelative(Date.parse(lastSignalAt), now, t.language);
    return (
      <span className="inline-flex items-center gap-1.5">
        <Mark tone="ok" size={9} />
        {age === undefined ? t.connection.liveQuiet : t.connection.live(age)}
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5">
      <Mark tone="unknown" size={9} />
      {connection.state === 'lost'
        ? t.connection.lost(formatRelative(connection.since, now, t.language))
        : t.connection.connecting}
    </span>
  );
}
