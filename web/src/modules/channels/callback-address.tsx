import { copyWords } from '../../app/copy-words';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { CopyBlock } from '../../ui/copy';

/** Where the other side reports a pressed button; nothing for a channel whose messages have none. */
export function CallbackAddress({ url }: { url: string | null }) {
  if (url === null) return null;
  return (
    <Panel title={t.channel.callbackTitle}>
      <p className="mb-3 text-2 text-ink-2">{t.channel.callbackText}</p>
      <CopyBlock text={url} words={copyWords()} />
    </Panel>
  );
}
