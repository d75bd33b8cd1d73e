import type { PasswordLink } from '@watchkeeper/contracts/identity';
import { copyWords } from '../../../app/copy-words';
import { reachable } from '../../../lib/reachable';
import { formatExact } from '../../../lib/time';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { CopyBlock } from '../../../ui/copy';

interface PasswordLinkNoteProps {
  link: PasswordLink;
  /** Whether it is for choosing a password; else for somebody who has one. */
  newcomer: boolean;
  onDone: () => void;
}

export function PasswordLinkNote({ link, newcomer, onDone }: PasswordLinkNoteProps) {
  const until = formatExact(Date.parse(link.expires_at), t.language);
  const words = t.settings.members;
  return (
    <div className="grid gap-4">
      <p className="text-2 text-ink-2">{newcomer ? words.linkText(until) : words.joinText(until)}</p>
      <CopyBlock text={reachable(link.url)} words={copyWords()} />
      <div>
        <Button variant="primary" onClick={onDone}>
          {words.done}
        </Button>
      </div>
    </div>
  );
}
