import { expect } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { changeSuppression, type Opening, openAlerts, resolveAlerts } from '../alerting/transition.ts';
import { groupDue } from './grouping/group-due.ts';

export interface IncidentAnswer {
  id: string;
  number: number;
  title: string;
  status: string;
  severity: string;
  flapping: object | null;
  muted: { by: string; reason: string | null } | null;
  affected: { open: number; recovered: number; muted: number; devices: number };
  alert_count: number;
  repeat_count: number;
  acknowledged_by: string | null;
  resolved_by: string | null;
  resolved_reason: string | null;
  merged_into: { number: number } | null;
  timeline: { kind: string; why: string; actor: { kind: string }; details: Record<string, unknown> }[];
  alerts: { alert: { id: string; title: string }; how: string; times: number }[];
  similar: { count: number; incidents: { number: number; resolved_reason: string | null }[] };
}

/** The defaults of the product; test apps may have others, so that each alert is told by itself. */
export const asInstalled = {
  INCIDENT_GROUP_BY: 'site',
  INCIDENT_GROUP_WAIT: '3',
  INCIDENT_GROUP_WINDOW: '300',
  INCIDENT_REOPEN_WINDOW: '900',
  INCIDENT_HOLD_DOWN: '120',
};

/** A house whose alerts nobody else takes, with tenants that open and end alerts as detection does. */
export interface GroupingHouse extends AsyncDisposable {
  readonly house: TestApp;
  readonly clock: TestClock;
  newcomer(): Promise<Group>;
}

export interface Group {
  readonly house: TestApp;
  readonly clock: TestClock;
  readonly tenant: Tenant;
  /** Opens alerts of these subjects at one moment. Returns their ids. */
  open(subjects: readonly string[], extra?: Partial<Opening>): Promise<string[]>;
  end(alertIds: readonly string[]): Promise<void>;
  mute(alertIds: readonly string[], by: 'maintenance' | 'dependency' | null): Promise<void>;
  /** One pass of grouping. */
  group(): Promise<number>;
  /** All incidents, by number. */
  incidents(): Promise<IncidentAnswer[]>;
  incident(number: number): Promise<IncidentAnswer>;
  site(slug: string): Promise<string>;
  /** `site` by its id. */
  device(slug: string, site: string, extra?: object): Promise<string>;
}

export async function groupingHouse(env: Record<string, string> = {}): Promise<GroupingHouse> {
  const clock = testClock('2026-03-01T12:00:00Z');
  const house = await testApp({ clock, env: { ...asInstalled, ...env } });
  let newcomers = 0;
  return {
    house,
    clock,
    async newcomer() {
      newcomers += 1;
      return await given(house, clock, await testTenant(house, `g${newcomers}`));
    },
    [Symbol.asyncDispose]: () => house.close(),
  };
}

async function given(house: TestApp, clock: TestClock, tenant: Tenant): Promise<Group> {
  const { ctx } = house;
  const [rule] = (await tenant.call('GET', '/rules?type=device_offline')).body.data;
  const incident = async (number: number): Promise<IncidentAnswer> => {
    const found = await tenant.call('GET', `/incidents/${number}`);
    expect(found.status).toBe(200);
    return found.body;
  };
  return {
    house,
    clock,
    tenant,
    incident,
    async open(subjects, extra = {}) {
      const openings = subjects.map((subject) => ({
        organizationId: tenant.id,
        ruleId: rule.id,
        ruleName: rule.name,
        kind: 'absence',
        type: 'device_offline',
        severity: 'high' as const,
        subject,
        siteId: null,
        deviceId: null,
        title: `${subject} is offline`,
        why: 'No heartbeat.',
        details: {},
        cooldownSeconds: 0,
        ...extra,
      }));
      const opened = await ctx.db.system((tx) => openAlerts(ctx, tx, openings));
      expect(opened.length).toBe(subjects.length);
      return opened.map(({ id }) => id);
    },
    async end(alertIds) {
      const ended = alertIds.map((alertId) => ({ alertId, why: 'It was heard again.' }));
      await ctx.db.tenant(tenant.id, (tx) => resolveAlerts(ctx, tx, ended));
    },
    async mute(alertIds, by) {
      const changes = alertIds.map((alertId) => ({
        alertId,
        by,
        reason: by === null ? 'It is over.' : `By ${by}.`,
      }));
      await ctx.db.tenant(tenant.id, (tx) => changeSuppression(ctx, tx, changes));
    },
    group: () => groupDue(ctx, AbortSignal.timeout(60_000)),
    async incidents() {
      const page = await tenant.call('GET', '/incidents?limit=500');
      return page.body.data.toSorted((a: IncidentAnswer, b: IncidentAnswer) => a.number - b.number);
    },
    async site(slug) {
      return (await tenant.call('POST', '/sites', { body: { slug, name: slug, timezone: 'UTC' } })).body.id;
    },
    async device(slug, site, extra = {}) {
      const created = await tenant.call('POST', '/devices', { body: { slug, name: slug, site, ...extra } });
      expect(created.status).toBe(201);
      return created.body.id;
    },
  };
}
