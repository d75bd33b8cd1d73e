import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonalExport } from '#platform/privacy';
import { owners } from '../../scripts/check/tables.ts';
import { type Answer, bootstrapKey, type TestApp, testApp } from '../../test/support/app.ts';
import { join } from '../../test/support/people.ts';
import { modules } from './app.ts';
import { addRecipient, askToConfirm } from './modules/delivery/index.ts';
import { type MailServer, startMailServer } from './modules/delivery/mail-server.fixture.ts';
import { erasePerson, exportPerson } from './modules/identity/index.ts';

const dana = { email: 'dana.o+ops@club.example', name: "Dana O'Doe-Smith", password: 'stands her watch 1' };
const otto = { email: 'otto@club.example', name: 'Otto Ott', password: 'stands his watch 2' };

let house: TestApp;
let mail: MailServer;
beforeAll(async () => {
  mail = await startMailServer();
  house = await testApp({ env: { SMTP_URL: mail.url } });
});
afterAll(async () => {
  await house.close();
  await mail[Symbol.asyncDispose]();
});

const org = '/api/v1/default';
type Call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown) => Promise<Answer>;

/** Calls that must succeed, as one caller. */
function callsOf(token: string): Call {
  return async (method, path, body) => {
    const headers = { 'idempotency-key': `${token.slice(-8)}-${method}-${path}-${Math.random()}` };
    const answer = await house.call(method, path, {
      token,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };
}

async function tokenOf({ email, password }: typeof dana): Promise<string> {
  const { body } = await house.call('POST', '/api/auth/token', { token: null, body: { email, password } });
  return body.token;
}

const idOf = (answer: Answer): string => answer.body.id ?? answer.body.alert_id;

/** Dana works with every module, and others write about her. */
async function livesHere(): Promise<void> {
  const operator = callsOf(bootstrapKey);
  await join(house, 'default', dana, 'owner');
  await operator('POST', '/api/v1/orgs', { slug: 'second', name: 'Second' });
  await operator('POST', '/api/v1/orgs/second/members', {
    email: dana.email,
    name: dana.name,
    role: 'viewer',
  });
  const her = callsOf(await tokenOf(dana));
  await her('POST', '/api/v1/orgs/default/members', {
    email: 'guest@club.example',
    name: 'A Guest',
    role: 'viewer',
  });
  await her('POST', `${org}/sites`, { slug: 'court', name: 'Court', timezone: 'UTC' });
  await her('POST', `${org}/api-keys`, { name: `of ${dana.name}, at home`, scopes: ['read'] });
  await her('POST', `${org}/channels`, {
    kind: 'email',
    name: 'Mail',
    config: { to: ['Dana.O+Ops@club.example', otto.email] },
  });
  const rule = (await her('GET', `${org}/rules`)).body.data[0];
  await her('PATCH', `${org}/rules/${rule.id}`, { enabled: !rule.enabled });
  await her('PUT', `${org}/views/Mine`, { filter: { severity: 'high' } });
  await her('PUT', '/api/operations/config', { disk_usage_threshold: 88 });
  await her('POST', `${org}/events`, {
    id: 'e1',
    type: 'login',
    site: 'court',
    outcome: 'success',
    occurred_at: new Date(house.ctx.clock.now()).toISOString(),
    user_ref: dana.email,
  });

  const first = idOf(
    await operator('POST', `${org}/alerts`, { title: `${dana.email} cannot sign in`, severity: 'high' }),
  );
  const second = idOf(
    await operator('POST', `${org}/alerts`, { title: 'The door stands open', severity: 'critical' }),
  );
  await her('POST', `${org}/alerts/${first}/acknowledge`, {
    note: `It is me: ${dana.email}`,
    acknowledged_by: dana.name,
  });
  await her('POST', `${org}/alerts/${second}/resolve`, {
    reason: 'Closed',
    action_taken: `${dana.name} closed it`,
  });
  const third = idOf(await operator('POST', `${org}/alerts`, { title: 'A lamp is out', severity: 'low' }));
  await operator('POST', `${org}/alerts/${third}/acknowledge`, { note: `Asked.\n${dana.name} looks at it.` });

  const now = house.ctx.clock.now();
  const window = await her('POST', `${org}/maintenance`, {
    slug: 'paint',
    location: 'court',
    systems: ['all'],
    start_time: new Date(now - 1_000).toISOString(),
    end_time: new Date(now + 3_600_000).toISOString(),
    reason: `Paint, says ${dana.email}`,
    suppress_alerts: true,
    created_by: dana.name,
  });
  await house.app.workOnce(1_000);
  await her('POST', `${org}/maintenance/${window.body.slug}/end`);
  const organizationId: string = (await operator('GET', '/api/v1/orgs/default')).body.id;
  const recipientId = await house.ctx.db.tenant(organizationId, (tx) =>
    addRecipient(
      tx,
      organizationId,
      { topic: 'weather', scopeId: null, kind: 'email', address: dana.email, optedInAt: new Date() },
      new Date(),
    ),
  );
  expect(await askToConfirm(house.ctx, organizationId, recipientId, `news for ${dana.name}`)).toBe('asked');
  await house.app.workOnce(1_000);
}

/** Finds a text in all columns of all tables: the slow way, independent of the code under test. */
async function whereStands(text: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: house.database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ table: string; column: string }>(`
      select c.oid::regclass::text as table, quote_ident(a.attname) as column from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        and t.typname in ('text', '_text', 'varchar', '_varchar', 'json', 'jsonb')`);
    const found: string[] = [];
    for (const { table, column } of rows) {
      const query = `select 1 from ${table} where position(lower($1) in lower(${column}::text)) > 0 limit 1`;
      if ((await client.query(query, [text])).rowCount !== 0) found.push(`${table}.${column}`);
    }
    return found.sort();
  } finally {
    await client.end();
  }
}

const tablesOf = (parts: readonly PersonalExport[] = []) => parts.map(({ table }) => table).sort();

test('all data of a person is exported, and erased from every table; the audit names an alias', {
  timeout: 300_000,
}, async () => {
  await livesHere();
  const planted = await whereStands(dana.email);
  const standing = [...planted, ...(await whereStands(dana.name))];
  expect(standing).toEqual(
    expect.arrayContaining([
      'alert_transitions.actor_name',
      'alert_transitions.note',
      'alerts.resolved_by',
      'api_keys.created_by_name',
      'audit_log.after',
      'channels.config',
      'invitations.email',
      'invitations.invited_by',
      'maintenance_runs.ended_by',
      'maintenance_windows.requested_by',
      'monitoring_settings.set_by',
      'notification_messages.recipient',
      'notifications.facts',
      'recipients.address',
      'rule_revisions.actor_name',
    ]),
  );

  const exported = await exportPerson(house.ctx, modules, ' Dana.O+ops@club.example');
  expect(exported?.names).toEqual([dana.name]);
  const kept = exported?.kept ?? {};
  expect(Object.keys(kept).sort()).toEqual([
    'alerting',
    'delivery',
    'identity',
    'incidents',
    'maintenance',
    'platform',
    'telemetry',
  ]);
  // Each column with her data is in the export.
  const text = JSON.stringify(kept).toLowerCase();
  expect(text).toContain('it is me: dana');
  const handed = new Set(Object.values(kept).flatMap(tablesOf));
  expect(standing.map(tableOf).filter((table) => !handed.has(table))).toEqual([]);
  expect(text).not.toMatch(/"(password|hash|token|access_token)":/);

  await expect(erasePerson(house.ctx, modules, dana.email)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('the last owner of "default"'),
  });
  await join(house, 'default', otto, 'owner');
  const hers = await tokenOf(dana);

  const erased = await erasePerson(house.ctx, modules, dana.email);
  expect(erased?.left).toEqual([]);
  const alias = erased?.alias ?? '';
  expect(alias).toMatch(/^erased-[0-9a-f]{8}$/);
  expect(await whereStands(dana.email)).toEqual([]);
  expect(await whereStands(dana.name)).toEqual([]);
  expect(await whereStands(JSON.stringify(dana.name).slice(1, -1))).toEqual([]);

  expect((await house.call('GET', '/api/me', { token: hers })).status).toBe(401);
  expect((await tokenOf(otto)).length).toBeGreaterThan(10);
  const { data: audit } = (await house.call('GET', `${org}/audit?actor=${alias}&limit=100`)).body;
  expect(audit.map(({ action }: { action: string }) => action)).toContain('site.created');
  const { data: channels } = (await house.call('GET', `${org}/channels`)).body;
  expect(channels[0].config).toEqual({ to: [otto.email] });
  const { data: alerts } = (await house.call('GET', `${org}/alerts?status=resolved`)).body;
  expect(alerts[0]).toMatchObject({ resolved_by: alias, action_taken: `${alias} closed it` });
  const note = await house.ctx.db.pool.query(
    `select actor_name, note from alert_transitions where note like 'Asked%'`,
  );
  expect(note.rows).toEqual([{ actor_name: 'BOOTSTRAP_API_KEY', note: `Asked.\n${alias} looks at it.` }]);
  const records = await house.ctx.db.pool.query(
    `select target_name from audit_log where action = 'person.erased'`,
  );
  expect(records.rows).toEqual([{ target_name: alias }]);
  expect(await erasePerson(house.ctx, modules, dana.email)).toBeUndefined();
  expect(await exportPerson(house.ctx, modules, dana.email)).toBeUndefined();
});

test('a channel that sends only to this person must be changed first; nothing is erased before', async () => {
  const create = { kind: 'email', name: 'Only hers', config: { to: ['solo@club.example'] } };
  const { id } = (await house.call('POST', `${org}/channels`, { body: create })).body;
  await expect(erasePerson(house.ctx, modules, 'solo@club.example')).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('"Only hers" of "default"'),
  });
  expect((await house.call('GET', `${org}/channels/${id}`)).body.config).toEqual(create.config);
});

test('texts with the person that no module declares are reported', async () => {
  const body = { slug: 'desk', name: 'Desk of pia@club.example', timezone: 'UTC' };
  await house.call('POST', `${org}/sites`, { body });
  const erased = await erasePerson(house.ctx, modules, 'pia@club.example');
  expect(erased?.left).toEqual([{ column: 'sites.name', rows: 1 }]);
});

test('erasing a person with a common first name keeps others of the same name', async () => {
  const twins = ['alex.one@club.example', 'alex.two@club.example'];
  for (const email of twins)
    await join(house, 'default', { email, name: 'Alex', password: 'one of the two 7' }, 'admin');
  const second = callsOf(
    await tokenOf({ email: twins[1] ?? '', name: 'Alex', password: 'one of the two 7' }),
  );
  await second('POST', `${org}/sites`, { slug: 'alexanders', name: "Alex's court", timezone: 'UTC' });
  await erasePerson(house.ctx, modules, twins[0] ?? '');
  const { data } = (await house.call('GET', `${org}/audit?actor=Alex&limit=100`)).body;
  expect(data.map(({ action }: { action: string }) => action)).toContain('site.created');
  expect((await house.call('GET', `${org}/sites/alexanders`)).body.name).toBe("Alex's court");
});

/** Columns with names like these may contain personal data. */
const personal =
  /email|user|actor|_by(_|$)|recipient|address|caller|identifier|(^|\.)ip(_|$)|person|customer|phone|image|session|account|note$/;

/** Columns that only sound personal, each with the reason. */
const noPerson: readonly (readonly [RegExp, string])[] = [
  [/_kind$/, 'which kind of credential it was'],
  [/^(alerts\.suppressed_by|incidents\.muted_by|incident_settings\.group_by)$/, 'a word of the vocabulary'],
  [/^channels\.managed_by$/, 'a variable of the server'],
  [/^domain_events\.claimed_by$/, 'the id of a process'],
  [/\.recipient_id$/, 'an id of "recipients", which go'],
  [/^check_pings\.(remote_address|user_agent)$/, 'a machine that checks in'],
  [/^(setup_links\.by_operator|users\.email_verified)$/, 'a yes or no'],
];

test('every column that sounds personal is declared by its module, or has a reason why not', async () => {
  const { rows } = await house.ctx.db.pool.query<{ name: string }>(`
    select c.relname || '.' || a.attname as name from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`);
  const names = rows.map(({ name }) => name);
  for (const { name, privacy = [] } of modules)
    for (const { column } of privacy.flatMap(({ fields }) => fields))
      expect([column, owners[name]?.split(' ').includes(column.split('.')[0] ?? '')]).toEqual([column, true]);
  const declared = new Set<string>(
    modules.flatMap(({ privacy = [] }) =>
      privacy.flatMap(({ fields }) => fields.map(({ column }) => column)),
    ),
  );
  const sounds = names.filter((name) => personal.test(name.slice(name.indexOf('.') + 1)));
  expect(sounds.length).toBeGreaterThan(20);
  expect(
    sounds.filter((name) => !declared.has(name) && !noPerson.some(([pattern]) => pattern.test(name))),
  ).toEqual([]);
  expect([...declared].filter((name) => !names.includes(name))).toEqual([]);
});

/** `events_20260101.user_ref` belongs to `events`. */
function tableOf(column: string): string {
  return column.replace(/\..*$/, '').replace(/_\d{8}$/, '');
}
