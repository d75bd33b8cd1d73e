import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Source, SourceUpdate } from '@watchkeeper/contracts/sources';
import { useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { ApiError, answered } from '../../api/problem';
import { ChangedMeanwhile, FormButtons, WritersOnly } from '../../app/form-page';
import { useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { SourcesCrumb } from './add-source-page';
import { type SourceKind, sourceForEdit, sourceKindsQuery } from './queries';
import { draftOfSource, fieldsOfSource } from './source-draft';
import { SourceForm } from './source-form';

export function EditSourcePage({ slug }: { slug: string }) {
  const { org } = useOrg();
  const kinds = useQuery(sourceKindsQuery(org));
  const source = useQuery(sourceForEdit(org, slug));
  usePageTitle(source.data === undefined ? t.sources.title : t.sources.editTitle(source.data.source.name));
  return (
    <WritersOnly title={t.sources.title} crumb={<SourcesCrumb />}>
      <Loaded query={kinds}>
        {({ data }) => (
          <Loaded query={source}>
            {(read) => {
              const kind = data.find((each) => each.kind === read.source.kind);
              return kind === undefined ? null : (
                <EditSource key={read.etag} {...read} kind={kind} onStartOver={() => void source.refetch()} />
              );
            }}
          </Loaded>
        )}
      </Loaded>
    </WritersOnly>
  );
}

interface EditSourceProps {
  source: Source;
  etag: string;
  kind: SourceKind;
  onStartOver: () => void;
}

function EditSource({ source, etag, kind, onStartOver }: EditSourceProps) {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const queryClient = useQueryClient();
  // What the person began from: a reading that comes in meanwhile must not empty the form.
  const [base] = useState(source);
  const options = fieldsOfSource(kind, base);
  const save = useMutation({
    mutationFn: (body: SourceUpdate) =>
      answered<Source>(
        api.PUT('/api/v1/{org}/sources/{source}', {
          params: { path: { org, source: base.slug } },
          ...(etag === '' ? {} : { headers: { 'if-match': etag } }),
          body,
        }),
      ),
    onSuccess: (saved) => {
      say({ tone: 'ok', text: t.sources.saved(saved.name) });
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'sources') });
      go(paths.source({ org, source: saved.slug }));
    },
  });
  const isBehind = save.error instanceof ApiError && save.error.status === 412;
  return (
    <>
      <Answer crumb={<SourcesCrumb />} sub={kind.label}>
        {t.sources.editTitle(base.name)}
      </Answer>
      {isBehind ? (
        <ChangedMeanwhile
          text={t.sources.changed}
          startOver={t.sources.startOver}
          onStartOver={onStartOver}
        />
      ) : null}
      <SourceForm
        initial={draftOfSource(options, base)}
        options={options}
        isKnown
        error={isBehind ? null : save.error}
        onSubmit={(body) => {
          if (!save.isPending) save.mutate(body);
        }}
        buttons={
          <FormButtons
            submit={t.sources.save}
            busy={save.isPending}
            back={paths.source({ org, source: base.slug })}
          />
        }
      />
    </>
  );
}
