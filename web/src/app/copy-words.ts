import { t } from '../messages';

export function copyWords() {
  return { copy: t.action.copy, copied: t.action.copied, failed: t.action.copyFailed };
}
