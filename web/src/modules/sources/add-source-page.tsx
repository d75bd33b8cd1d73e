import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Source, SourceInput } from '@watchkeeper/contracts/sources';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import { FormButtons, KindCards, WritersOnly } from '../../app/form-page';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { type SourceKind, sourceKindsQuery } from './queries';
import { draftOfSource, fieldsOfSource } from './source-draft';
import { SourceForm } from './source-form';

export function AddSourcePage({ kind: name }: { kind: string | undefined }) {
  usePageTitle(t.sources.add);
  const { org } = useOrg();
  const kinds = useQuery(sourceKindsQuery(org));
  return (
    <WritersOnly title={t.sources.add} crumb={<SourcesCrumb />}>
      <Loaded query={kinds}>
        {({ data }) => {
          const kind = data.find((each) => each.kind === name);
          return kind === undefined ? <KindChoice kinds={data} /> : <NewSource key={kind.kind} kind={kind} />;
        }}
      </Loaded>
    </WritersOnly>
  );
}

export function SourcesCrumb() {
  const { org } = useOrg();
  return (
    <AppLink to={paths.sources({ org })} className="hover:underline">
      {t.sources.title}
    </AppLink>
  );
}

function KindChoice({ kinds }: { kinds: readonly SourceKind[] }) {
  const { org } = useOrg();
  return (
    <>
      <Answer crumb={<SourcesCrumb />} sub={t.sources.chooseLead}>
        {t.sources.chooseTitle}
      </Answer>
      <KindCards kinds={kinds} to={(kind) => paths.addSource({ org, kind: kind.kind })} />
    </>
  );
}

function NewSource({ kind }: { kind: SourceKind }) {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const queryClient = useQueryClient();
  const options = fieldsOfSource(kind);
  const create = useMutation({
    mutationFn: (body: SourceInput) =>
      answered<Source>(api.POST('/api/v1/{org}/sources', { params: { path: { org } }, body })),
    onSuccess: (source) => {
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'sources') });
      say({ tone: 'ok', text: t.sources.added(source.name) });
      go(paths.source({ org, source: source.slug }));
    },
  });
  return (
    <>
      <Answer crumb={<SourcesCrumb />} sub={kind.help}>
        {t.sources.addTitle(kind.label)}
      </Answer>
      <SourceForm
        initial={draftOfSource(options)}
        options={options}
        error={create.error}
        onSubmit={(body) => {
          if (!create.isPending) create.mutate({ ...body, kind: kind.kind });
        }}
        buttons={
          <FormButtons submit={t.sources.submit} busy={create.isPending} back={paths.sources({ org })} />
        }
      />
    </>
  );
}
