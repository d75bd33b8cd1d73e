import { isLoopback } from '../lib/reachable';
import { t } from '../messages';
import { Notice } from '../ui/notice';

/** Under an address that is handed out and that no other machine reaches. */
export function LocalNote({ url }: { url: string }) {
  if (!isLoopback(url)) return null;
  return (
    <Notice tone="attention" title={t.handout.localTitle}>
      {t.handout.localText}
    </Notice>
  );
}
