import { t } from '../messages';
import { Notice } from '../ui/notice';

export function NoPermission() {
  return <Notice tone="unknown">{t.state.noPermission('inventory:write')}</Notice>;
}
