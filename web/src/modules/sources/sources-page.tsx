import { useQuery } from '@tanstack/react-query';
import type { Source } from '@watchkeeper/contracts/sources';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Section } from '../../ui/card';
import { Empty } from '../../ui/empty';
import { PlusIcon } from '../../ui/icons';
import { Ago } from '../../ui/moment';
import { sourceKindsQuery, sourcesQuery } from './queries';
import { faultOf, isInTrouble, type Standing, standingOf } from './source-standing';
import { SourceState } from './source-state';

/** Who else is asked how the devices are, and whether they answer. */
export function SourcesPage() {
  usePageTitle(t.sources.title);
  const { org, can } = useOrg();
  const sources = useQuery(sourcesQuery(org));
  const add = can('inventory:write') ? (
    <AppLink to={paths.addSource({ org })} className={buttonClass('primary')}>
      <PlusIcon size={16} /> {t.sources.add}
    </AppLink>
  ) : undefined;
  return (
    <Loaded query={sources}>
      {({ data }) => (
        <>
          <Answer actions={data.length === 0 ? undefined : add} sub={t.sources.lead}>
            {sentenceOf(data)}
          </Answer>
          {data.length === 0 ? (
            <div className="mt-6">
              <Empty title={t.sources.empty} action={add}>
                {t.sources.emptyText}
              </Empty>
            </div>
          ) : (
            <Section title={t.sources.list}>
              <ul className="overflow-hidden rounded-3 border border-line bg-surface shadow-card">
                {data.map((source) => (
                  <SourceRow key={source.id} source={source} />
                ))}
              </ul>
            </Section>
          )}
        </>
      )}
    </Loaded>
  );
}

function sentenceOf(sources: readonly Source[]): string {
  const standings = sources.map(standingOf);
  const of = (standing: Standing) => standings.filter((each) => each === standing).length;
  return t.sources.sentence({
    silent: of('silent'),
    failing: of('failing'),
    unsure: of('unsure'),
    waiting: of('waiting'),
    off: of('off'),
    total: sources.length,
  });
}

function SourceRow({ source }: { source: Source }) {
  const { org } = useOrg();
  const kinds = useQuery(sourceKindsQuery(org));
  const kind = kinds.data?.data.find((each) => each.kind === source.kind);
  const { state } = source;
  const standing = standingOf(source);
  const inTrouble = isInTrouble(standing);
  const fault = faultOf(source);
  return (
    <li className="relative grid items-center gap-x-6 gap-y-1 border-b border-line px-4 py-3 last:border-b-0 hover:bg-sunken sm:px-5 md:grid-cols-[minmax(0,1fr)_minmax(0,20rem)]">
      <div className="grid min-w-0 gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
          <AppLink
            to={paths.source({ org, source: source.slug })}
            className="text-3 font-semibold after:absolute after:inset-0"
          >
            {source.name}
          </AppLink>
          <span className="text-1 text-ink-3">{kind?.label ?? source.kind}</span>
        </p>
        <p className="text-2 text-ink-2">{t.sources.counts(state.linked, state.objects)}</p>
        {inTrouble && fault !== null ? <p className="text-2 break-words">{fault}</p> : null}
        {inTrouble && state.failing !== null ? (
          <p className="text-1 text-ink-3">
            {t.sources.tried(state.failing.readings, source.alert_after_failures)}
          </p>
        ) : null}
      </div>
      <div className="grid gap-0.5">
        <SourceState source={source} />
        <span className="text-1 text-ink-3">
          {state.last_reading === null ? (
            t.sources.neverRead
          ) : (
            <Ago at={state.last_reading} language={t.language}>
              {t.sources.lastReading}
            </Ago>
          )}
        </span>
      </div>
    </li>
  );
}
