import type { PasswordLink } from '@watchkeeper/contracts/identity';
import { reachable } from '../../../lib/reachable';
import { formatExact } from '../../../lib/time';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { CopyBlock } from '../../../ui/copy';
import { copyWords } from '../../inventory/copy-words';

interface PasswordLinkNoteProps {
  /** null: the person has a password already. */
  link: PasswordLink | null;
  onDone: () => void;
}

export function PasswordLinkNote({ link, onDone }: PasswordLinkNoteProps) {
  return (
    <div className="grid gap-4">
      {link === null ? (
        <p className="text-2 text-ink-2">{t.settings.members.noLink}</p>
      ) : (
        <>
          <p className="text-2 text-ink-2">
            {t.settings.members.linkText(formatExact(Date.parse(link.expires_at), t.language))}
          </p>
          <CopyBlock text={reachable(link.url)} words={copyWords()} />
        </>
      )}
      <div>
        <Button variant="primary" onClick={onDone}>
          {t.settings.members.done}
        </Button>
      </div>
    </div>
  );
}
