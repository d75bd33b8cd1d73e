import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ListedChannel } from '@watchkeeper/contracts/notifications';
import { useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Dialog } from '../../ui/dialog';
import { Notice } from '../../ui/notice';
import { SecretsOnce } from './secrets-once';

export function RotateSecret({ channel }: { channel: ListedChannel }) {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const rotate = useMutation({
    mutationFn: () =>
      answered<{ shown_once: Record<string, string> }>(
        api.POST('/api/v1/{org}/channels/{id}/secret', { params: { path: { org, id: channel.id } } }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.of(org, 'channels') }),
  });
  if (rotate.data !== undefined)
    return <SecretsOnce title={t.channel.secretReplaced} secrets={rotate.data.shown_once} />;
  return (
    <Panel title={t.channel.shownOnceTitle}>
      <p className="mb-4 text-2 text-ink-2">{t.channel.shownOnceText}</p>
      <Button busy={rotate.isPending} onClick={() => setAsking(true)}>
        {t.channel.rotate}
      </Button>
      {rotate.error === null ? null : (
        <Notice tone="attention" role="alert" className="mt-4">
          {messageOf(rotate.error)}
        </Notice>
      )}
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t.channel.rotateTitle}
        closeLabel={t.action.close}
      >
        <p className="text-2 text-ink-2">{t.channel.rotateText}</p>
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{t.action.cancel}</Button>
          <Button
            variant="primary"
            onClick={() => {
              setAsking(false);
              rotate.mutate();
            }}
          >
            {t.channel.rotateDo}
          </Button>
        </div>
      </Dialog>
    </Panel>
  );
}
