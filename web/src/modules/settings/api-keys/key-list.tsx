import type { ApiKey } from '@watchkeeper/contracts/identity';
import { useState } from 'react';
import { api } from '../../../api/client';
import { answered } from '../../../api/problem';
import { useOrg } from '../../../app/session';
import { useToast } from '../../../app/toast';
import { useNow } from '../../../lib/clock';
import { formatDate } from '../../../lib/time';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { Ago } from '../../../ui/moment';
import { ConfirmDialog } from '../confirm-dialog';
import { useWrite } from '../use-write';

export function KeyList({ list }: { list: readonly ApiKey[] }) {
  const { org } = useOrg();
  const say = useToast();
  const [revoking, setRevoking] = useState<ApiKey>();
  const revoke = useWrite({
    write: ({ id }: ApiKey) =>
      answered(api.DELETE('/api/v1/{org}/api-keys/{id}', { params: { path: { org, id } } })),
    reads: ['apiKeys'],
    onDone: (_, { name }) => say({ tone: 'ok', text: t.settings.keys.revoked(name) }),
    failed: ({ name }) => t.settings.keys.revokeFailed(name),
  });
  return (
    <>
      <ul className="divide-y divide-line">
        {list.map((key) => (
          <KeyRow key={key.id} item={key} onRevoke={() => setRevoking(key)} />
        ))}
      </ul>
      <ConfirmDialog
        title={revoking && t.settings.keys.revokeTitle(revoking.name)}
        confirm={t.settings.keys.revoke}
        busy={revoke.isPending}
        onClose={() => setRevoking(undefined)}
        onConfirm={() => revoking && revoke.mutate(revoking, { onSettled: () => setRevoking(undefined) })}
      >
        {t.settings.keys.revokeText}
      </ConfirmDialog>
    </>
  );
}

function KeyRow({ item, onRevoke }: { item: ApiKey; onRevoke: () => void }) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 py-3.5 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-baseline gap-x-2.5">
          <span className="font-medium">{item.name}</span>
          <code className="font-mono text-1 text-ink-3">{item.prefix}…</code>
        </p>
        <p className="mt-0.5 text-1 text-ink-2 first-letter:uppercase">
          {item.scopes.map((scope) => t.permissionName[scope]).join(', ')}
        </p>
        <p className="mt-1 flex flex-wrap gap-x-3 text-1 text-ink-3">
          {item.last_used_at === null ? (
            <span>{t.settings.keys.neverUsed}</span>
          ) : (
            <Ago at={item.last_used_at} language={t.language}>
              {t.settings.keys.lastUsed}
            </Ago>
          )}
          <Expiry at={item.expires_at} />
          <span>{t.settings.keys.madeBy(item.created_by.name)}</span>
        </p>
      </div>
      <Button aria-label={t.settings.keys.revokeOf(item.name)} onClick={onRevoke}>
        {t.settings.keys.revoke}
      </Button>
    </li>
  );
}

function Expiry({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return <span>{t.settings.keys.noEnd}</span>;
  const time = Date.parse(at);
  if (time <= now) return <span className="font-medium text-attention">{t.settings.keys.expired}</span>;
  return <span>{t.settings.keys.expires(formatDate(time, t.language))}</span>;
}
