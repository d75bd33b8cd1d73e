import { isDeepStrictEqual } from 'node:util';
import {
  type AlertTransitionKind,
  type IncidentSettingValues,
  isAtLeast,
  type JoinedHow,
  type Severity,
} from '@watchkeeper/contracts';
import type { Caller } from '#modules/identity';
import type { Entry, IncidentChange, IncidentState, LockedIncident } from '../transition.ts';
import { joinedWords, recoveredWords, titleOf } from './words.ts';

/** What the alerts of an incident are now, counted by the database. */
export interface IncidentFacts {
  /** Different alerts, and all of them with repeats. */
  readonly alerts: number;
  readonly members: number;
  /** Not over and not muted. */
  readonly open: number;
  readonly acknowledged: number;
  readonly muted: number;
  readonly recovered: number;
  readonly devices: number;
  readonly areas: number;
  readonly sites: number;
  readonly areaNames: readonly string[];
  /** The worst of those that are not over and not muted, and of all. */
  readonly severity: Severity | null;
  readonly severityOfAll: Severity;
  readonly mutedBy: string | null;
  readonly mutedReason: string | null;
  /** The only site; null: none, or several. */
  readonly siteId: string | null;
  /** Of the first alert that is not muted. */
  readonly title: string;
  readonly lastOpenedAt: Date;
  /** Of the alert that ended last. */
  readonly endedAt: Date | null;
  readonly endedReason: string | null;
  readonly actionTaken: string | null;
}

/** What happened to the alerts of an incident since it was looked at last. */
export interface Happened {
  readonly joined: readonly { readonly id: string; readonly title: string; readonly how: JoinedHow }[];
  /** Titles by alert. */
  readonly recovered: ReadonlyMap<string, string>;
  /** The rows of the alerts' timelines, oldest first. */
  readonly rows: readonly { readonly kind: AlertTransitionKind; readonly actor: Caller }[];
}

export interface Given {
  readonly settings: IncidentSettingValues;
  /** How often the incident began or ended within the time that counts for flapping. */
  readonly turns: number;
  readonly now: Date;
}

type Step = (
  incident: LockedIncident,
  facts: IncidentFacts,
  happened: Happened,
  given: Given,
) => { readonly set?: Partial<IncidentState>; readonly entries?: readonly Entry[] } | undefined;

/** A shorter incident that ends by itself is told only when its end has held. */
const shortSeconds = 600;
/** A line of the timeline names so many alerts; it counts all. */
const namedMax = 50;

/**
 * Brings an incident in line with its alerts. Pure: one step after the other, each on what the one before left.
 * undefined: nothing changes.
 */
export function settle(
  incident: LockedIncident,
  facts: IncidentFacts,
  happened: Happened,
  given: Given,
): IncidentChange | undefined {
  let now = incident;
  const entries: Entry[] = [];
  for (const step of [count, join, worsen, mute, recover, answer, turn]) {
    const done = step(now, facts, happened, given);
    if (done === undefined) continue;
    now = { ...now, ...done.set };
    entries.push(...(done.entries ?? []));
  }
  if (entries.length === 0 && isDeepStrictEqual(now, incident)) return undefined;
  return { set: now, entries };
}

const count: Step = (incident, facts) => {
  const computed = titleOf(facts.title, facts.alerts);
  const isOwn = incident.counts.title !== undefined && incident.counts.title !== incident.title;
  return {
    set: {
      title: isOwn ? incident.title : computed,
      site_id: incident.group_key.startsWith('site:') ? incident.site_id : facts.siteId,
      last_joined_at:
        facts.lastOpenedAt > incident.last_joined_at ? facts.lastOpenedAt : incident.last_joined_at,
      counts: {
        title: computed,
        alerts: facts.alerts,
        repeats: facts.members - facts.alerts,
        open: facts.open,
        muted: facts.muted,
        recovered: facts.recovered,
        devices: facts.devices,
        areas: facts.areas,
        sites: facts.sites,
        area_names: facts.areaNames,
      },
    },
  };
};

const join: Step = (_incident, _facts, { joined }) => {
  const late = joined.filter(({ how }) => how !== 'first' && how !== 'adopted');
  if (late.length === 0) return undefined;
  const repeats = late.filter(({ how }) => how === 'recurrence').length;
  return {
    entries: [
      {
        kind: 'joined',
        why: joinedWords(late),
        details: { alerts: late.slice(0, namedMax).map(({ id }) => id), count: late.length, repeats },
      },
    ],
  };
};

/** The severity is the worst so far: an incident that shrinks is not told again when it grows back. */
const worsen: Step = (incident, facts, { joined }) => {
  const severity = facts.severity ?? (facts.open + facts.muted === 0 ? null : facts.severityOfAll);
  if (severity === null || isAtLeast(incident.severity, severity)) return undefined;
  if (joined.some(({ how }) => how === 'first')) return { set: { severity } };
  return {
    set: { severity },
    entries: [
      {
        kind: 'worsened',
        why: `It is ${severity} now; it was ${incident.severity}.`,
        details: { before: incident.severity, after: severity },
      },
    ],
  };
};

const mute: Step = (incident, { open, muted, mutedBy, mutedReason }) => {
  if (open === 0 && muted > 0) {
    if (incident.muted_by === mutedBy) return undefined;
    return {
      set: { muted_by: mutedBy, muted_reason: mutedReason },
      entries: [
        { kind: 'muted', why: mutedReason ?? 'All of its alerts are muted.', details: { by: mutedBy } },
      ],
    };
  }
  if (incident.muted_by === null || open === 0) return undefined;
  return {
    set: { muted_by: null, muted_reason: null },
    entries: [
      {
        kind: 'unmuted',
        why: 'One of its alerts is not muted any more.',
        details: { by: incident.muted_by },
      },
    ],
  };
};

const recover: Step = (incident, { open, muted }, { recovered }) => {
  const isEnd = open + muted === 0 && incident.flapping_since === null;
  if (recovered.size === 0 || isEnd || incident.status === 'resolved') return undefined;
  const ids = [...recovered.keys()];
  return {
    entries: [
      {
        kind: 'recovered',
        why: recoveredWords([...recovered.values()], open + muted),
        details: { alerts: ids.slice(0, namedMax), count: ids.length, left: open + muted },
      },
    ],
  };
};

/** An incident is in hand when somebody acknowledged every alert that asks for it, and until they took all of it back. */
const answer: Step = (incident, { open, acknowledged }, { rows }, { now }) => {
  const said = rows.findLast(({ kind }) => kind === 'acknowledged' || kind === 'unacknowledged');
  if (said === undefined || open === 0) return undefined;
  const { actor, kind } = said;
  if (kind === 'acknowledged' && incident.status === 'open' && acknowledged === open)
    return {
      set: { status: 'acknowledged', acknowledged_at: now, acknowledged_by: actor.name },
      entries: [{ kind, why: `${actor.name} is looking at it.`, actor }],
    };
  if (kind === 'unacknowledged' && incident.status === 'acknowledged' && acknowledged === 0)
    return {
      set: { status: 'open', acknowledged_at: null, acknowledged_by: null },
      entries: [{ kind, why: `${actor.name} took the acknowledgement back.`, actor }],
    };
  return undefined;
};

/** A person ended it, or took that back. */
function isByHand({ rows }: Happened): boolean {
  const said = rows.findLast(({ kind }) => kind === 'resolved' || kind === 'reopened');
  return said !== undefined && said.actor.kind !== 'system';
}

/** Its beginning again and its end; too many of them are flapping. */
const turn: Step = (incident, facts, happened, given) => {
  const isOver = facts.open + facts.muted === 0;
  if (incident.flapping_since !== null) return stillFlapping(isOver, happened, given);
  if (isOver === (incident.status === 'resolved') || incident.merged_into !== null) return undefined;
  const { flapping } = given.settings;
  const flaps = !isByHand(happened) && given.turns + 1 >= flapping.changes;
  const ending = isOver ? undefined : again(incident, happened, given);
  if (!flaps) return isOver ? end(incident, facts, happened, given) : ending;
  const why = `It began and ended ${given.turns + 1} times within ${Math.round(flapping.within_seconds / 60)} minutes.`;
  return {
    set: { ...ending?.set, flapping_since: given.now, turned_at: given.now },
    entries: [
      ...(ending?.entries ?? []),
      {
        kind: 'flapping',
        why,
        details: { changes: given.turns + 1, within_seconds: flapping.within_seconds },
      },
    ],
  };
};

/** While it flaps it does not end; every change puts the quiet off. */
function stillFlapping(isOver: boolean, { joined, recovered }: Happened, { now }: Given) {
  return joined.length > 0 || (isOver && recovered.size > 0) ? { set: { turned_at: now } } : undefined;
}

function again(incident: LockedIncident, { joined, rows }: Happened, { now }: Given) {
  const byHand = rows.findLast(({ kind }) => kind === 'reopened');
  const isTakenBack = byHand !== undefined && joined.length === 0;
  const status = isTakenBack && incident.acknowledged_at !== null ? 'acknowledged' : 'open';
  return {
    set: {
      status,
      ...(status === 'open' ? { acknowledged_at: null, acknowledged_by: null } : {}),
      resolved_at: null,
      resolved_by: null,
      resolved_reason: null,
      action_taken: null,
      turned_at: now,
    } as const,
    entries: [
      isTakenBack
        ? {
            kind: 'reopened' as const,
            why: `${byHand.actor.name} took the resolution back.`,
            actor: byHand.actor,
            details: { by_hand: true },
          }
        : {
            kind: 'reopened' as const,
            why: 'It came back.',
            details: { alerts: joined.slice(0, namedMax).map(({ id }) => id) },
          },
    ],
  };
}

function end(incident: LockedIncident, facts: IncidentFacts, { rows }: Happened, given: Given) {
  const said = rows.findLast(({ kind }) => kind === 'resolved')?.actor;
  const byHand = said !== undefined && said.kind !== 'system';
  const why =
    facts.members === 1 || byHand
      ? (facts.endedReason ?? 'It is over.')
      : `All ${facts.alerts} alerts are over.`;
  const lasted = (given.now.getTime() - incident.turned_at.getTime()) / 1000;
  const holds = !byHand && lasted < shortSeconds;
  return {
    set: {
      status: 'resolved',
      resolved_at: facts.endedAt ?? given.now,
      resolved_by: said?.name ?? 'Watchkeeper',
      resolved_reason: why,
      action_taken: facts.actionTaken,
      snoozed_until: null,
      turned_at: given.now,
    } as const,
    entries: [
      {
        kind: 'resolved' as const,
        why,
        ...(said === undefined ? {} : { actor: said }),
        waitSeconds: holds ? given.settings.hold_down_seconds : 0,
        details: byHand ? { by_hand: true } : {},
      },
    ],
  };
}
