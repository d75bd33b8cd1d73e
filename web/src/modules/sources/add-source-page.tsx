import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Source, SourceInput } from '@watchkeeper/contracts/sources';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { NoPermission } from '../inventory/no-permission';
import { type SourceKind, sourceKindsQuery } from './queries';
import { draftOfSource, fieldsOfSource } from './source-draft';
import { SourceForm } from './source-form';

export function AddSourcePage({ kind: name }: { kind: string | undefined }) {
  usePageTitle(t.sources.add);
  const { org, can } = useOrg();
  const kinds = useQuery(sourceKindsQuery(org));
  if (!can('inventory:write')) {
    return (
      <>
        <Answer crumb={<SourcesCrumb />}>{t.sources.add}</Answer>
        <div className="mt-6">
          <NoPermission />
        </div>
      </>
    );
  }
  return (
    <Loaded query={kinds}>
      {({ data }) => {
        const kind = data.find((each) => each.kind === name);
        return kind === undefined ? <KindChoice kinds={data} /> : <NewSource key={kind.kind} kind={kind} />;
      }}
    </Loaded>
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
      <ul className="mt-6 grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {kinds.map((kind) => (
          <li key={kind.kind} className="grid">
            <AppLink
              to={paths.addSource({ org, kind: kind.kind })}
              className="grid content-start gap-1 rounded-3 border border-line bg-surface p-4 shadow-card hover:border-accent"
            >
              <span className="font-semibold">{kind.label}</span>
              <span className="text-2 text-ink-2">{kind.help}</span>
            </AppLink>
          </li>
        ))}
      </ul>
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
          <>
            <Button variant="primary" type="submit" busy={create.isPending}>
              {t.sources.submit}
            </Button>
            <AppLink to={paths.sources({ org })} className={buttonClass('quiet')}>
              {t.action.cancel}
            </AppLink>
          </>
        }
      />
    </>
  );
}
