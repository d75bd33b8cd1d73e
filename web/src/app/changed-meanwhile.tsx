import { t } from '../messages';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';

/** Somebody else wrote while a form was open: nothing is lost yet, and the newer state is one press away. */
export function ChangedMeanwhile({ text, onReload }: { text?: string; onReload: () => void }) {
  return (
    <Notice
      tone="attention"
      role="alert"
      title={t.state.changedTitle}
      action={<Button onClick={onReload}>{t.state.changedReload}</Button>}
    >
      {text ?? t.state.changedText}
    </Notice>
  );
}
