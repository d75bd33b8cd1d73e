import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Check, CheckInput } from '@watchkeeper/contracts/checks';
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
import { draftOfCheck, fieldsOfCheck } from './check-draft';
import { CheckForm } from './check-form';
import { type CheckKind, checkKindsQuery } from './queries';

interface AddCheckPageProps {
  kind: string | undefined;
  /** The subject of the new check. */
  device: string | undefined;
  site: string | undefined;
}

export function AddCheckPage({ kind: name, device, site }: AddCheckPageProps) {
  usePageTitle(t.check.add);
  const { org } = useOrg();
  const kinds = useQuery(checkKindsQuery(org));
  return (
    <WritersOnly title={t.check.add} crumb={<ChecksCrumb />}>
      <Loaded query={kinds}>
        {({ data }) => {
          const kind = data.find((each) => each.kind === name);
          return kind === undefined ? (
            <KindChoice kinds={data} device={device} site={site} />
          ) : (
            <NewCheck key={kind.kind} kind={kind} device={device} site={site} />
          );
        }}
      </Loaded>
    </WritersOnly>
  );
}

export function ChecksCrumb() {
  const { org } = useOrg();
  return (
    <AppLink to={paths.checks({ org })} className="hover:underline">
      {t.check.title}
    </AppLink>
  );
}

type About = Pick<AddCheckPageProps, 'device' | 'site'>;

function KindChoice({ kinds, device, site }: About & { kinds: readonly CheckKind[] }) {
  const { org } = useOrg();
  const about = { ...(device === undefined ? {} : { device }), ...(site === undefined ? {} : { site }) };
  return (
    <>
      <Answer crumb={<ChecksCrumb />} sub={t.check.chooseLead}>
        {t.check.chooseTitle}
      </Answer>
      <KindCards kinds={kinds} to={(kind) => paths.addCheck({ org, kind: kind.kind, ...about })} />
    </>
  );
}

function NewCheck({ kind, device, site }: About & { kind: CheckKind }) {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const queryClient = useQueryClient();
  const options = fieldsOfCheck(kind);
  const create = useMutation({
    mutationFn: (body: CheckInput) =>
      answered<Check>(api.POST('/api/v1/{org}/checks', { params: { path: { org } }, body })),
    onSuccess: (check) => {
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'checks') });
      say({ tone: 'ok', text: t.check.added(check.name) });
      go(paths.check({ org, check: check.slug }));
    },
  });
  return (
    <>
      <Answer crumb={<ChecksCrumb />} sub={kind.help}>
        {t.check.addTitle(kind.label)}
      </Answer>
      <CheckForm
        kind={kind.kind}
        initial={{ ...draftOfCheck(options), device: device ?? '', site: site ?? '' }}
        options={options}
        error={create.error}
        onSubmit={(body) => {
          if (!create.isPending) create.mutate({ ...body, kind: kind.kind });
        }}
        buttons={<FormButtons submit={t.check.submit} busy={create.isPending} back={paths.checks({ org })} />}
      />
    </>
  );
}
