import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Check, CheckUpdate } from '@watchkeeper/contracts/checks';
import { useState } from 'react';
import { keys } from '../../api/keys';
import { ApiError } from '../../api/problem';
import { ChangedMeanwhile, FormButtons, WritersOnly } from '../../app/form-page';
import { useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Notice } from '../../ui/notice';
import { ChecksCrumb } from './add-check-page';
import { readForEdit, saveCheck } from './check-actions';
import { draftOfCheck, fieldsOfCheck } from './check-draft';
import { CheckForm } from './check-form';
import { isByServer } from './check-tone';
import { type CheckKind, checkKindsQuery } from './queries';

export function EditCheckPage({ slug }: { slug: string }) {
  const { org } = useOrg();
  const kinds = useQuery(checkKindsQuery(org));
  const check = useQuery(readForEdit(org, slug));
  usePageTitle(check.data === undefined ? t.check.title : t.check.editTitle(check.data.check.name));
  return (
    <WritersOnly title={t.check.title} crumb={<ChecksCrumb />}>
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
    </WritersOnly>
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
  // The values at the start of the edit: a result that comes in the meantime must not reset the form.
  const [base] = useState(check);
  const byServer = isByServer(base);
  const all = fieldsOfCheck(kind, base);
  const options = byServer ? { ...all, fields: all.fields.filter((field) => field.name !== 'url') } : all;
  const save = useMutation({
    mutationFn: (body: CheckUpdate) =>
      saveCheck(
        org,
        base.slug,
        byServer ? { ...body, config: { ...body.config, url: base.config.url } } : body,
        etag,
      ),
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
      {byServer ? (
        <Notice tone="maintenance" className="my-5">
          {t.check.byServerText}
        </Notice>
      ) : null}
      {isBehind ? (
        <ChangedMeanwhile text={t.check.changed} startOver={t.check.startOver} onStartOver={onStartOver} />
      ) : null}
      <CheckForm
        kind={kind.kind}
        initial={draftOfCheck(options, base)}
        options={options}
        self={base.slug}
        isSwitchedElsewhere={byServer}
        error={isBehind ? null : save.error}
        onSubmit={(body) => {
          if (!save.isPending) save.mutate(body);
        }}
        buttons={
          <FormButtons
            submit={t.check.save}
            busy={save.isPending}
            back={paths.check({ org, check: base.slug })}
          />
        }
      />
    </>
  );
}
