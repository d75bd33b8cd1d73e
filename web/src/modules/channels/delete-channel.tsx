import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ListedChannel } from '@watchkeeper/contracts/notifications';
import { useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, messageOf } from '../../api/problem';
import { useGo } from '../../app/link';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { useUsage } from './use-usage';

/** Asks first: its secret cannot be brought back. */
export function DeleteChannel({ channel }: { channel: ListedChannel }) {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const usage = useUsage();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () =>
      answered(api.DELETE('/api/v1/{org}/channels/{id}', { params: { path: { org, id: channel.id } } })),
    onSuccess: () => {
      say({ tone: 'ok', text: t.channel.deleted(channel.name) });
      go(paths.channels({ org }));
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'channels', 'list') });
    },
    onError: (error) => say({ tone: 'problem', text: messageOf(error) }),
  });
  const rules = usage(channel);
  return (
    <div>
      <Button variant="quiet" busy={remove.isPending} onClick={() => setAsking(true)}>
        {t.channel.delete}
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t.channel.deleteTitle(channel.name)}
        closeLabel={t.action.close}
      >
        <p className="text-2 text-ink-2">{t.channel.deleteText}</p>
        {rules.length === 0 ? null : <p className="mt-2 text-2">{t.channel.deleteUsed(rules.join(', '))}</p>}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{t.action.cancel}</Button>
          <Button
            variant="primary"
            onClick={() => {
              setAsking(false);
              remove.mutate();
            }}
          >
            {t.channel.deleteDo}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
