import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useOrg } from '../../../app/session';
import { Loaded } from '../../../app/states';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { Card } from '../../../ui/card';
import { Empty } from '../../../ui/empty';
import { PlusIcon } from '../../../ui/icons';
import { Notice } from '../../../ui/notice';
import { SkeletonRows } from '../../../ui/skeleton';
import { SectionHead } from '../section-head';
import { CreateKeyDialog } from './create-key-dialog';
import { KeyList } from './key-list';
import { apiKeysQuery } from './queries';

export function ApiKeysSection() {
  const { can } = useOrg();
  if (can('keys:write')) return <ApiKeys />;
  return (
    <>
      <SectionHead section="api-keys">{t.settings.sections['api-keys'].label}</SectionHead>
      <div className="mt-6">
        <Notice tone="unknown">{t.state.noPermission('keys:write')}</Notice>
      </div>
    </>
  );
}

function ApiKeys() {
  const { org } = useOrg();
  const list = useQuery(apiKeysQuery(org));
  const [creating, setCreating] = useState(false);
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <PlusIcon size={16} />
      {t.settings.keys.create}
    </Button>
  );
  return (
    <>
      <SectionHead
        section="api-keys"
        sub={t.settings.keys.text}
        actions={list.data?.data.length === 0 ? undefined : create}
      >
        {list.data === undefined
          ? t.settings.sections['api-keys'].label
          : t.settings.keys.sentence(list.data.data.length)}
      </SectionHead>
      <div className="mt-6">
        <Loaded query={list} loading={<SkeletonRows label={t.state.loading} />}>
          {({ data }) =>
            data.length === 0 ? (
              <Empty title={t.settings.keys.sentence(0)} action={create}>
                {t.settings.keys.emptyText}
              </Empty>
            ) : (
              <Card className="p-4 sm:px-6">
                <KeyList list={data} />
              </Card>
            )
          }
        </Loaded>
      </div>
      <CreateKeyDialog open={creating} onClose={() => setCreating(false)} />
    </>
  );
}
