import { copyWords } from '../../app/copy-words';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { CopyBlock } from '../../ui/copy';

/** Secrets that the server made: here and never again. */
export function SecretsOnce({
  title,
  secrets,
}: {
  title: string;
  secrets: Readonly<Record<string, string>>;
}) {
  return (
    <Panel title={title}>
      <p className="mb-3 text-2 text-ink-2">{t.channel.shownOnceText}</p>
      <div className="grid gap-2">
        {Object.entries(secrets).map(([name, secret]) => (
          <CopyBlock key={name} text={secret} words={copyWords()} />
        ))}
      </div>
    </Panel>
  );
}
