import { useMutation } from '@tanstack/react-query';
import type { MaintenanceFeed } from '@watchkeeper/contracts/maintenance';
import type { Static } from 'typebox';
import { api } from '../../api/client';
import { answered, messageOf } from '../../api/problem';
import { copyWords } from '../../app/copy-words';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { reachable } from '../../lib/reachable';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { CopyBlock } from '../../ui/copy';

/** The windows in anybody's own calendar, by an address that is shown once. */
export function FeedPanel() {
  const { org, can } = useOrg();
  const say = useToast();
  const make = useMutation({
    mutationFn: () =>
      answered<Static<typeof MaintenanceFeed>>(
        api.POST('/api/v1/{org}/maintenance/feed', { params: { path: { org } } }),
      ),
    onError: (error) => say({ tone: 'problem', text: messageOf(error) }),
  });
  const revoke = useMutation({
    mutationFn: () => answered(api.DELETE('/api/v1/{org}/maintenance/feed', { params: { path: { org } } })),
    onSuccess: () => {
      make.reset();
      say({ tone: 'ok', text: t.maintenance.feedRevoked });
    },
    onError: (error) => say({ tone: 'problem', text: messageOf(error) }),
  });
  if (!can('alerts:operate')) return null;
  return (
    <Panel title={t.maintenance.feed} className="mt-6 max-w-3xl">
      <p className="text-2 text-ink-2">{t.maintenance.feedText}</p>
      {make.data === undefined ? null : (
        <div className="mt-3 grid gap-1.5" role="status">
          <CopyBlock text={reachable(make.data.url)} words={copyWords()} />
          <p className="text-1 text-ink-3">{t.maintenance.feedOnce}</p>
        </div>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button busy={make.isPending} onClick={() => make.mutate()}>
          {make.data === undefined ? t.maintenance.feedMake : t.maintenance.feedAgain}
        </Button>
        <Button variant="quiet" busy={revoke.isPending} onClick={() => revoke.mutate()}>
          {t.maintenance.feedRevoke}
        </Button>
        <span className="text-1 text-ink-3">{t.maintenance.feedReplaces}</span>
      </div>
    </Panel>
  );
}
