import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Check, CheckUpdate } from '@watchkeeper/contracts/checks';
import { useState } from 'react';
import { keys } from '../../api/keys';
import { ApiError } from '../../api/problem';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { NoPermission } from '../inventory/no-permission';
import { ChecksCrumb } from './add-check-page';
import { readForEdit, saveCheck } from './check-actions';
import { draftOfCheck, fieldsOfCheck } from './check-draft';
import { CheckForm } from './check-form';
import { type CheckKind, checkKindsQuery } from './queries';

export function EditCheckPage({ slug }: { slug: string }) {
  const { org, can } = useOrg();
  const kinds = useQuery(checkKindsQuery(org));
  const check = useQuery(readForEdit(org, slug));
  usePageTitle(check.data === undefined ? t.check.title : t.check.editTitle(check.data.check.name));
  if (!can('inventory:write')) {
    return (
      <>
        <Answer crumb={<ChecksCrumb />}>{t.check.title}</Answer>
        <div className="mt-6">
          <NoPermission />
        </div>
      </>
    );
  }
  return (
    <Loaded query={kinds}>
      {({ data }) => (
        <Loaded query={check}>
          {(read) => {
            const kind = data.find((each) => each.kind === read.check.kind);
            return kind === undefined ? null : (
              <EditCheck key={read.etag} {...read} kind={kind} onStartOver={() => void check.refetch()} />
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}

interface EditCheckProps {
  check: Check;
  etag: string;
  kind: CheckKind;
  onStartOver: () => void;
}

function EditCheck({ check, etag, kind, onStartOver }: EditCheckProps) {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const queryClient = useQueryClient();
  // What the person began from: a result that comes in meanwhile must not empty the form.
  const [base] = useState(check);
  const options = fieldsOfCheck(kind, base);
  const save = useMutation({
    mutationFn: (body: CheckUpdate) => saveCheck(org, base.slug, body, etag),
    onSuccess: (saved) => {
      say({ tone: 'ok', text: t.check.saved(saved.name) });
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'checks') });
      go(paths.check({ org, check: saved.slug }));
    },
  });
  const isBehind = save.error instanceof ApiError && save.error.status === 412;
  return (
    <>
      <Answer crumb={<ChecksCrumb />} sub={kind.label}>
        {t.check.editTitle(base.name)}
      </Answer>
      {isBehind ? (
        <Notice
          tone="attention"
          role="alert"
          className="mt-5"
          action={<Button onClick={onStartOver}>{t.check.startOver}</Button>}
        >
          {t.check.changed}
        </Notice>
      ) : null}
      <CheckForm
        kind={kind.kind}
        initial={draftOfCheck(options, base)}
        options={options}
        self={base.slug}
        error={isBehind ? null : save.error}
        onSubmit={(body) => {
          if (!save.isPending) save.mutate(body);
        }}
        buttons={
          <>
            <Button variant="primary" type="submit" busy={save.isPending}>
              {t.check.save}
            </Button>
            <AppLink to={paths.check({ org, check: base.slug })} className={buttonClass('quiet')}>
              {t.action.cancel}
            </AppLink>
          </>
        }
      />
    </>
  );
}
