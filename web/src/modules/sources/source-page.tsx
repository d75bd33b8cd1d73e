import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CheckRun } from '@watchkeeper/contracts/checks';
import type { Source } from '@watchkeeper/contracts/sources';
import type { Static } from 'typebox';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import { useCommand } from '../../app/commands';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { serverNow } from '../../lib/clock';
import { t } from '../../messages';
import { paths, type SourceSearch } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Ago } from '../../ui/moment';
import { Notice } from '../../ui/notice';
import { RunPanel } from '../checks/run-panel';
import { SourcesCrumb } from './add-source-page';
import { DeleteSource } from './delete-source';
import { freshSeconds } from './limits';
import { ObjectsPanel } from './objects-panel';
import { sourceKindsQuery, sourceQuery } from './queries';
import { SourceFacts } from './source-facts';
import { faultOf, isInTrouble, sentenceOfSource, standingOf } from './source-standing';
import { SourceState } from './source-state';

export function SourcePage({ slug, search }: { slug: string; search: SourceSearch }) {
  const { org } = useOrg();
  const source = useQuery(sourceQuery(org, slug));
  usePageTitle(source.data?.name ?? t.sources.title);
  return <Loaded query={source}>{(data) => <SourceView source={data} search={search} />}</Loaded>;
}

function SourceView({ source, search }: { source: Source; search: SourceSearch }) {
  const test = useTestNow(source.slug);
  return (
    <>
      <SourceHead source={source} test={test} />
      <Trouble source={source} />
      <RunPanel check={source} run={test} title={t.sources.testTitle} text={t.sources.testText} />
      <div className="mt-6 grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <ObjectsPanel source={source} search={search} />
        <SourceFacts source={source} />
      </div>
    </>
  );
}

/** Reads it this moment; the reading counts, so that what it knows is read again. */
function useTestNow(source: string) {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answered<Static<typeof CheckRun>>(
        api.POST('/api/v1/{org}/sources/{source}/test', { params: { path: { org, source } } }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.of(org, 'sources') }),
  });
}

interface HeadProps {
  source: Source;
  test: ReturnType<typeof useTestNow>;
}

function SourceHead({ source, test }: HeadProps) {
  const { org } = useOrg();
  const kinds = useQuery(sourceKindsQuery(org)).data?.data;
  const { state } = source;
  return (
    <Answer
      crumb={<SourcesCrumb />}
      above={
        <>
          <SourceState source={source} />
          <span>{kinds?.find((kind) => kind.kind === source.kind)?.label ?? source.kind}</span>
        </>
      }
      sub={
        <>
          <span>{t.sources.counts(state.linked, state.objects)}</span>
          <span>
            {state.last_reading === null ? (
              t.sources.neverRead
            ) : (
              <Ago at={state.last_reading} language={t.language}>
                {t.sources.lastReading}
              </Ago>
            )}
          </span>
          {state.next_due_at === null ? null : (
            <span>
              <Ago at={state.next_due_at} language={t.language}>
                {t.sources.nextReading}
              </Ago>
            </span>
          )}
        </>
      }
      actions={<SourceButtons source={source} test={test} />}
    >
      {sentenceOfSource(source)}
    </Answer>
  );
}

function SourceButtons({ source, test }: HeadProps) {
  const { org, can } = useOrg();
  const mayTest = can('alerts:operate');
  const testNow = (): void => {
    if (!test.isPending) test.mutate();
  };
  useCommand({ id: 'test-source', label: t.sources.test, keys: 'r', run: testNow }, mayTest);
  return (
    <>
      {mayTest ? (
        <Button variant="primary" busy={test.isPending} onClick={testNow} shortcut="r">
          {t.sources.test}
        </Button>
      ) : null}
      {can('inventory:write') ? (
        <>
          <AppLink to={paths.editSource({ org, source: source.slug })} className={buttonClass()}>
            {t.sources.edit}
          </AppLink>
          <DeleteSource source={source} />
        </>
      ) : null}
    </>
  );
}

/** What is wrong in its own words, and what it means for the devices. */
function Trouble({ source }: { source: Source }) {
  const standing = standingOf(source);
  const { state } = source;
  const isTrouble = isInTrouble(standing);
  if (!isTrouble && state.failing === null) return null;
  const fault = faultOf(source);
  const until = state.last_reading === null ? 0 : Date.parse(state.last_reading) + freshSeconds * 1_000;
  const wait =
    state.not_before === null || Date.parse(state.not_before) < serverNow() ? null : state.not_before;
  return (
    <Notice
      tone={isTrouble ? 'attention' : 'unknown'}
      role="status"
      className="mt-6"
      {...(fault === null ? {} : { title: fault })}
    >
      {state.failing === null ? null : (
        <p className="mb-1">
          {standing === 'answering' ? `${t.sources.lastFailed} ` : null}
          {t.sources.tried(state.failing.readings, source.alert_after_failures)}
        </p>
      )}
      <p>
        {state.last_reading === null ? null : state.fresh ? (
          <Ago at={new Date(until).toISOString()} language={t.language}>
            {t.sources.stillBelieved}
          </Ago>
        ) : (
          t.sources.noLongerBelieved
        )}{' '}
        {t.sources.silentText} {standing === 'silent' ? t.sources.oneAlert : null}
      </p>
      {wait === null ? null : (
        <p className="mt-1">
          <Ago at={wait} language={t.language}>
            {t.sources.askedToWait}
          </Ago>
        </p>
      )}
    </Notice>
  );
}
