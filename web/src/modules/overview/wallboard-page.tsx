import { useQuery } from '@tanstack/react-query';
import type { Alert, Overview } from '@watchkeeper/contracts/alerting';
import { type CSSProperties, useEffect } from 'react';
import { overviewQuery } from '../../api/queries/overview';
import { AppLink } from '../../app/link';
import { useConnection } from '../../app/live';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useNow } from '../../lib/clock';
import { formatClock, formatRelative, hourMs, minuteMs } from '../../lib/time';
import { useWakeLock } from '../../lib/wake-lock';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Mark } from '../../ui/mark';
import { Lasting } from '../../ui/moment';
import { toneOfSeverity } from '../../ui/tone';
import { sentenceOf } from '../alerting/sentence';
import { weigh } from '../alerting/weight';
import { countsInWords, healthOf, type SiteHealth } from './site-health';
import { tileOrder } from './tile-order';
import { wallColumns } from './wall-grid';

/** How many fit beside the sites in letters that can be read from across the room. */
const alertsShown = 7;
/** So few have room for the reason as well. */
const explainedMax = 3;
/** Beyond this no tile can be read from a distance; the troubled ones come first. */
const sitesShown = 80;
/** With more sites than this a tile is a name and a mark: words would be too small to read. */
const briefFrom = 18;
/** A lost connection that heals within this is not worth a word on a wall. */
const staleMs = minuteMs;
/** Begins afresh once a day while all is connected: a new release arrives, and nothing can pile up. */
const reloadMs = 24 * hourMs;

/** For a wall: no chrome, nothing to press, one screen whatever its size. */
export function WallboardPage() {
  usePageTitle(t.wall.title);
  useWakeLock();
  useDailyReload();
  const { org } = useOrg();
  const query = useQuery(overviewQuery(org));
  if (query.data === undefined) {
    return (
      <div className="p-8">
        <Loaded query={query}>{() => null}</Loaded>
      </div>
    );
  }
  return <Wall overview={query.data} />;
}

function useDailyReload(): void {
  const { connection } = useConnection();
  const live = connection.state === 'live';
  useEffect(() => {
    if (!live) return;
    const timer = setTimeout(() => location.reload(), Math.max(0, reloadMs - performance.now()));
    return () => clearTimeout(timer);
  }, [live]);
}

function Wall({ overview }: { overview: Overview }) {
  const { needsYou, inHand } = weigh(overview.alerts);
  const alerts = [...needsYou, ...inHand];
  const beyond = overview.alerts_total - overview.alerts.length;
  const sites = overview.sites.toSorted(tileOrder).slice(0, sitesShown);
  return (
    <div className="flex h-dvh flex-col gap-[2.2vmin] p-[2.6vmin] text-[2.4vmin] leading-snug">
      <Head overview={overview} />
      <div className="flex min-h-0 flex-1 gap-[2.2vmin] portrait:flex-col">
        {alerts.length === 0 ? null : (
          <section
            aria-label={t.wall.alerts}
            className={`flex min-h-0 min-w-0 flex-col gap-[1.2vmin] ${sites.length > briefFrom ? 'flex-[0_0_32%]' : 'flex-[0_0_38%]'}`}
          >
            {alerts.slice(0, alertsShown).map((alert) => (
              // Of another number each has another size: it is set anew, instead of stretching under the eyes.
              <WallAlert
                key={`${alert.id} ${alerts.length}`}
                alert={alert}
                explained={alerts.length <= explainedMax}
              />
            ))}
            {alerts.length + beyond > alertsShown ? (
              <p className="text-ink-3">{t.wall.more(alerts.length + beyond - alertsShown)}</p>
            ) : null}
          </section>
        )}
        <Sites sites={sites} wide={alerts.length === 0} />
      </div>
    </div>
  );
}

function Head({ overview }: { overview: Overview }) {
  const { org } = useOrg();
  const { connection } = useConnection();
  const now = useNow();
  const since = connection.state === 'lost' ? connection.since : undefined;
  const stale = since !== undefined && now - since > staleMs;
  return (
    <header className="flex items-start justify-between gap-[4vmin]">
      <div className="min-w-0">
        <h1 className="text-[6.4vmin] leading-tight font-semibold tracking-[-0.02em] text-balance">
          {stale ? t.overview.cannotTell : sentenceOf(overview)}
        </h1>
        <p className="mt-[0.6vmin] min-h-[1.4em] text-ink-2" role="status">
          {since === undefined ? (
            t.overview.fine(overview.devices.online, overview.devices.total, overview.sites.length)
          ) : (
            <span className="text-attention">{t.wall.staleText}</span>
          )}
        </p>
      </div>
      <div className="shrink-0 text-right">
        <p className="text-[6.4vmin] leading-tight font-semibold tabular-nums">
          {formatClock(now, t.language)}
        </p>
        <p className="mt-[0.6vmin] flex items-center justify-end gap-[1vmin] text-ink-3">
          <span className="inline-flex size-[1.6vmin] *:size-full">
            <Mark tone={connection.state === 'live' ? 'ok' : since === undefined ? 'unknown' : 'attention'} />
          </span>
          <span>
            {since === undefined
              ? connection.state === 'live'
                ? t.connection.liveQuiet
                : t.connection.connecting
              : t.wall.stale(formatRelative(since, now, t.language))}
          </span>
          <AppLink to={paths.overview({ org })} className="sr-only focus:not-sr-only focus:text-accent">
            {t.wall.leave}
          </AppLink>
        </p>
      </div>
    </header>
  );
}

const edges = {
  problem: 'border-l-problem',
  attention: 'border-l-attention',
  unknown: 'border-l-unknown',
  ok: 'border-l-ok',
  maintenance: 'border-l-maintenance',
} as const;

/** Letters grow with the card: one alert speaks louder than seven. */
function WallAlert({ alert, explained }: { alert: Alert; explained: boolean }) {
  const inHand = alert.status === 'acknowledged';
  const tone = inHand ? 'unknown' : toneOfSeverity(alert.severity);
  return (
    <article
      className={`min-h-0 flex-1 rounded-[1vmin] border-l-[0.7vmin] bg-surface shadow-card [container-type:size] ${explained ? 'max-h-[32vmin]' : 'max-h-[18vmin]'} ${edges[tone]}`}
    >
      <div className="flex h-full flex-col justify-center gap-[4cqh] overflow-hidden px-[4cqw]">
        <h2
          className={`line-clamp-2 leading-[1.15] font-semibold ${explained ? 'text-[min(16cqh,6.5cqw)]' : 'text-[min(24cqh,6cqw)]'}`}
        >
          {alert.title}
        </h2>
        {explained ? (
          <p className="line-clamp-3 text-[min(10cqh,4.4cqw)] leading-[1.25] text-ink-2">{alert.why}</p>
        ) : null}
        <p
          className={`flex justify-between gap-[2vmin] leading-tight ${explained ? 'text-[min(11cqh,5cqw)]' : 'text-[min(19cqh,4.6cqw)]'}`}
        >
          <span className={`truncate font-medium ${wordClass[tone]}`}>
            {inHand ? t.alertStatus.acknowledged : t.severity[alert.severity]}
            {alert.site === null ? '' : ` · ${alert.site.name}`}
          </span>
          <span className="shrink-0 text-ink-2 tabular-nums">
            <Lasting at={alert.opened_at} language={t.language} coarse />
          </span>
        </p>
      </div>
    </article>
  );
}

/** Width over height of the area that the sites fill on 16:9 and 9:16, with and without alerts beside them. */
const areaShapes = { landscape: { wide: 2.2, beside: 1.35 }, portrait: { wide: 0.65, beside: 1 } } as const;

interface WallStyle extends CSSProperties {
  '--lying': number;
  '--standing': number;
}

function Sites({ sites, wide }: { sites: readonly Overview['sites'][number][]; wide: boolean }) {
  const shape = wide ? 'wide' : 'beside';
  const brief = sites.length > briefFrom;
  const tile = brief ? 'brief' : 'full';
  const columns: WallStyle = {
    '--lying': wallColumns(sites.length, areaShapes.landscape[shape], tile),
    '--standing': wallColumns(sites.length, areaShapes.portrait[shape], tile),
  };
  return (
    <ul
      aria-label={t.wall.sites}
      className="grid min-h-0 min-w-0 flex-1 auto-rows-fr grid-cols-[repeat(var(--lying),minmax(0,1fr))] gap-[1.2vmin] portrait:grid-cols-[repeat(var(--standing),minmax(0,1fr))]"
      style={columns}
    >
      {sites.map((site) => (
        <WallSite key={site.id} site={site} brief={brief} />
      ))}
    </ul>
  );
}

const toneClass = {
  ok: 'bg-surface',
  attention: 'bg-attention-soft',
  problem: 'bg-problem-soft',
  maintenance: 'bg-maintenance-soft',
  unknown: 'bg-sunken',
} as const;
const wordClass = {
  ok: 'text-ok',
  attention: 'text-attention',
  problem: 'text-problem',
  maintenance: 'text-maintenance',
  unknown: 'text-unknown',
} as const;

/** How much of the tile's width the longest word of a name may take, in em of semibold letters. */
const letterEm = 0.7;
const nameCqwMax = 12;
/** The width of a brief tile's mark beside the name. */
const markCqw = 11;

/** A long word shrinks rather than being cut: half a name is no name. */
function nameCqw(name: string, room: number): number {
  const longest = Math.max(...name.split(/[\s-]+/).map((word) => word.length));
  return Math.min(nameCqwMax, room / (longest * letterEm));
}

/** Letters grow with the tile, so that three sites fill the wall as sixty do. */
function WallSite({ site, brief }: { site: Overview['sites'][number]; brief: boolean }) {
  const health = healthOf(site);
  return (
    <li
      className={`min-h-0 min-w-0 overflow-hidden rounded-[1vmin] border border-line [container-type:size] ${toneClass[health.tone]}`}
    >
      {brief ? (
        <BriefTile name={site.name} health={health} />
      ) : (
        <div className="flex h-full flex-col justify-center gap-[4cqh] px-[5cqw]">
          <p
            className="line-clamp-2 leading-[1.1] font-semibold"
            style={{ fontSize: `clamp(12px, min(28cqh, ${nameCqw(site.name, 90)}cqw), 7vmin)` }}
          >
            {site.name}
          </p>
          <p
            className={`flex items-center gap-[2cqw] text-[clamp(12px,min(23cqh,9cqw),4vmin)] leading-tight font-medium ${wordClass[health.tone]}`}
          >
            <span className="inline-flex size-[0.8em] shrink-0 *:size-full">
              <Mark tone={health.tone} />
            </span>
            <span className="truncate">{health.word}</span>
          </p>
          <p className="truncate text-[clamp(11px,min(14cqh,7cqw),3vmin)] leading-tight text-ink-2">
            {site.devices.total === 0 ? '' : countsInWords(site.devices)}
          </p>
        </div>
      )}
    </li>
  );
}

/** The shape of the mark and the ground tell the state; all the room is the name's. */
function BriefTile({ name, health }: { name: string; health: SiteHealth }) {
  return (
    <div className="flex h-full items-center gap-[3cqw] px-[4cqw]">
      <span className={`inline-flex size-[min(30cqh,8cqw)] shrink-0 *:size-full ${wordClass[health.tone]}`}>
        <Mark tone={health.tone} />
      </span>
      <div className="min-w-0">
        <p
          className="line-clamp-2 leading-[1.1] font-semibold"
          style={{ fontSize: `clamp(12px, min(42cqh, ${nameCqw(name, 92 - markCqw)}cqw), 7vmin)` }}
        >
          {name}
        </p>
        <p className="sr-only">{health.word}</p>
      </div>
    </div>
  );
}
