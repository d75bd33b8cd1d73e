import type { Check, CheckInput, CheckUpdate } from '@watchkeeper/contracts/checks';
import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { isUniqueViolation, type Tx } from '#platform/db/database';
import { AppError, invalidField, invalidFields, notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { refuseTargets } from '#platform/kinds/refuse-targets';
import type { KindConfig } from '#platform/kinds/registry';
import { keepSecrets, openForChange, redactConfig, sealConfig } from '#platform/kinds/secrets';
import { mistakesInFields, toCheck, toFields } from './check-view.ts';
import type { CheckKind } from './kind.ts';
import { awaitedSettings, changePing, makePing, withAddresses } from './pings/save-ping.ts';
import { neverDue } from './pings/schedule.ts';
import { lockPingCheck } from './pings/store.ts';
import { viewOf } from './pings/view.ts';
import { checkKinds } from './registry.ts';
import {
  type CheckRow,
  countChecks,
  findCheck,
  findChecks,
  findPlace,
  insertCheck,
  isInCircle,
  lockDependencies,
  replaceDependencies,
  setDue,
  switchOff,
  updateCheckRow,
} from './store.ts';

/** Limit per organization. More than this is probably a mistake in some automation. */
export const checksPerOrganizationMax = 20_000;
/** New checks start at a random moment within their interval, at most this late, so that many do not run at once. */
const firstStartSecondsMax = 60;

type SaveCtx = Pick<Ctx, 'db' | 'clock' | 'vault' | 'live' | 'config' | 'outbound'>;

interface Saved {
  readonly check: Check;
  readonly version: number;
}

/** The transaction of a change to checks: by a request, or by a manifest. */
export interface CheckWork {
  readonly ctx: Omit<SaveCtx, 'db'>;
  readonly tx: Tx;
  readonly scope: Scope;
}

export async function createCheck(ctx: SaveCtx, scope: Scope, input: CheckInput): Promise<Saved> {
  requirePermission(scope, 'inventory:write');
  return await ctx.db.tenant(scope.organizationId, (tx) => addCheck({ ctx, tx, scope }, input));
}

/** `refuse: false`: a check with an unreachable address is created anyway, and its results say so. */
export async function addCheck(
  work: CheckWork,
  input: CheckInput,
  { refuse = true }: { refuse?: boolean } = {},
): Promise<Saved> {
  const { ctx, tx, scope } = work;
  const at = new Date(ctx.clock.now());
  if ((await countChecks(tx, scope.organizationId)) >= checksPerOrganizationMax)
    throw new AppError('conflict', `An organization has at most ${checksPerOrganizationMax} checks.`);
  const place = await findPlaces(tx, scope, input);
  const kind = newKind(input, place.method);
  const fields = checkedFields(input, input.slug);
  if (kind.passive) awaitedSettings(fields);
  const parsed = checkKinds.parse(kind, input.config);
  const config = kind.passive ? withAddresses(parsed) : parsed;
  if (refuse) refuseTargets(ctx, kind, config);
  await checkReferences(tx, scope, kind, place.device_id, config);
  const stored = sealConfig(kind, config, ctx.vault);
  const id = newId();
  const values = { ...fields, ...stored, site_id: place.site_id, device_id: place.device_id };
  const due = fields.enabled ? firstDue(kind, at, fields.interval_seconds) : null;
  await insertCheck(tx, scope.organizationId, id, kind.kind, values, at, due).catch(takenSlug(input.slug));
  if (kind.passive) await makePing(ctx, tx, scope.organizationId, id, config);
  await saveDependencies(tx, scope, id, input.depends_on ?? []);
  return await finish(work, id, 'check.created', kind, undefined);
}

/** The kind of a new check: from the input, or from the type of its device. */
export async function kindOf(
  { tx, scope }: Pick<CheckWork, 'tx' | 'scope'>,
  input: CheckInput,
): Promise<CheckKind> {
  return newKind(input, (await findPlaces(tx, scope, input)).method);
}

function newKind(input: CheckInput, method: string | null): CheckKind {
  const kind = checkKinds.get(input.kind ?? kindOfMethod(method));
  refuseMadeWith(kind);
  return kind;
}

/** Replaces all editable fields; only the slug stays when it is left out. `checkVersion` is the caller's If-Match. */
export async function updateCheck(
  ctx: SaveCtx,
  scope: Scope,
  reference: string,
  input: CheckUpdate,
  checkVersion: (version: number) => void,
): Promise<Saved> {
  requirePermission(scope, 'inventory:write');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const before = await findCheck(tx, scope.organizationId, reference, true);
    if (before === undefined) throw notFound('check');
    checkVersion(before.version);
    requireEnvironmentsOwn(ctx, before, input);
    return await changeCheck({ ctx, tx, scope }, before, input);
  });
}

/** `before` is locked by the caller. */
export async function changeCheck(
  work: CheckWork,
  before: CheckRow,
  input: CheckUpdate,
  { refuse = true }: { refuse?: boolean } = {},
): Promise<Saved> {
  const { ctx, tx, scope } = work;
  const at = new Date(ctx.clock.now());
  if (input.kind !== undefined && input.kind !== before.kind)
    throw invalidField('kind', `is "${before.kind}" and cannot be changed; make a new check`);
  const kind = checkKinds.get(before.kind);
  refuseMadeWith(kind);
  if (kind.passive) await lockPingCheck(tx, before.id);
  const place = await findPlaces(tx, scope, input);
  const slug = input.slug ?? before.slug;
  const fields = checkedFields(input, slug);
  if (kind.passive) awaitedSettings(fields);
  const known = openForChange(before, ctx.vault);
  const parsed = checkKinds.parse(kind, keepSecrets(kind, input.config, known));
  const config = kind.passive ? withAddresses(parsed) : parsed;
  if (refuse) refuseTargets(ctx, kind, config, known);
  await checkReferences(tx, scope, kind, place.device_id, config);
  const values = {
    ...fields,
    ...sealConfig(kind, config, ctx.vault),
    site_id: place.site_id,
    device_id: place.device_id,
  };
  await updateCheckRow(tx, scope.organizationId, before.id, values, at).catch(takenSlug(slug));
  await saveDependencies(tx, scope, before.id, input.depends_on ?? []);
  await reschedule(tx, scope.organizationId, kind, before, fields, at);
  if (kind.passive) await changePing(ctx, tx, scope.organizationId, before, { ...fields, config }, at);
  return await finish(work, before.id, 'check.updated', kind, before);
}

/**
 * The next start would undo such a change, so it is refused, and the error says where to change it. @throws conflict
 */
function requireEnvironmentsOwn(ctx: Pick<Ctx, 'vault'>, before: CheckRow, input: CheckUpdate): void {
  if (before.environment_key === null) return;
  const sameUrl = input.config.url === openForChange(before, ctx.vault).url;
  if (sameUrl && (input.enabled ?? true) === before.enabled) return;
  throw new AppError(
    'conflict',
    `The server's environment variable ${before.environment_key} decides the url of this check and whether it is on. Change it there and restart; everything else can be changed here.`,
  );
}

async function reschedule(
  tx: Tx,
  organizationId: string,
  kind: CheckKind,
  before: CheckRow,
  fields: { enabled: boolean; interval_seconds: number | null },
  at: Date,
): Promise<void> {
  if (!fields.enabled) {
    if (before.enabled) await switchOff(tx, organizationId, before.id, at);
  } else if (!before.enabled || fields.interval_seconds !== before.interval_seconds) {
    await setDue(tx, before.id, firstDue(kind, at, fields.interval_seconds));
  }
}

function firstDue(kind: CheckKind, at: Date, intervalSeconds: number | null): Date {
  if (kind.passive) return neverDue;
  const within = Math.min(intervalSeconds ?? firstStartSecondsMax, firstStartSecondsMax);
  return new Date(at.getTime() + Math.round(Math.random() * within * 1_000));
}

function checkedFields(input: CheckInput | CheckUpdate, slug: string) {
  const fields = toFields(input, slug);
  const errors = mistakesInFields(fields);
  if (errors.length > 0) throw invalidFields(errors);
  return fields;
}

/** @throws conflict when the check belongs to something else that must be changed instead. */
export function refuseMadeWith(kind: CheckKind | undefined): void {
  if (kind?.madeWith === undefined) return;
  throw new AppError(
    'conflict',
    `A check of the kind "${kind.kind}" belongs to its ${kind.madeWith}: change that instead.`,
  );
}

/** @throws validation_failed when something that the config names does not exist. */
async function checkReferences(
  tx: Tx,
  { organizationId }: Scope,
  kind: CheckKind,
  deviceId: string | null,
  config: KindConfig,
): Promise<void> {
  const mistakes = (await kind.refers?.(tx, { organizationId, deviceId, config })) ?? [];
  const errors = mistakes.map(({ field, message }) => ({
    field: field === 'device' ? field : `config.${field}`,
    message,
  }));
  if (errors.length > 0) throw invalidFields(errors);
}

/** A device type's method is a kind, or a name for a family of kinds. */
function kindOfMethod(method: string | null): string {
  if (method === null) throw invalidField('kind', 'is required unless the device type names a method');
  if (checkKinds.find(method) === undefined)
    throw invalidField(
      'kind',
      `is required: this server has no checks of the kind "${method}", which the device type names`,
    );
  return method;
}

async function findPlaces(
  tx: Tx,
  scope: Scope,
  input: CheckInput | CheckUpdate,
): Promise<{ site_id: string | null; device_id: string | null; method: string | null }> {
  const look = async (what: 'site' | 'device') => {
    const reference = input[what] ?? null;
    if (reference === null) return null;
    const place = await findPlace(tx, scope.organizationId, what, reference);
    if (place === undefined) throw invalidField(what, `there is no ${what} "${reference}"`);
    return place;
  };
  const device = await look('device');
  const site = await look('site');
  if (site !== null && device !== null && device.site_id !== site.id)
    throw invalidField('site', 'is not the site of the device; do not send it');
  return {
    site_id: site?.id ?? device?.site_id ?? null,
    device_id: device?.id ?? null,
    method: device?.check_method ?? null,
  };
}

async function saveDependencies(
  tx: Tx,
  scope: Scope,
  id: string,
  references: readonly string[],
): Promise<void> {
  const { organizationId } = scope;
  if (references.length > 0) await lockDependencies(tx, organizationId);
  const found = await findChecks(tx, organizationId, references);
  for (const reference of references) {
    if (!found.some((check) => check.slug === reference || check.id === reference))
      throw invalidField('depends_on', `there is no check "${reference}"`);
  }
  const parents = [...new Set(found.map((check) => check.id))];
  if (parents.includes(id)) throw invalidField('depends_on', 'a check cannot depend on itself');
  await replaceDependencies(tx, organizationId, id, parents);
  if (parents.length > 0 && (await isInCircle(tx, organizationId, id)))
    throw invalidField('depends_on', 'would make a circle: one of these checks depends on this one');
}

async function finish(
  { ctx, tx, scope }: CheckWork,
  id: string,
  action: string,
  kind: CheckKind,
  before: CheckRow | undefined,
): Promise<Saved> {
  const row = await findCheck(tx, scope.organizationId, id);
  if (row === undefined) throw notFound('check');
  await audit(tx, scope, {
    action,
    target: { kind: 'check', id, name: row.slug },
    ...(before === undefined ? {} : { before: audited(kind, before) }),
    after: audited(kind, row),
  });
  await ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'check', ids: [id] });
  return { check: toCheck(row, viewOf(ctx, scope)), version: row.version };
}

export function audited(kind: CheckKind | undefined, row: CheckRow): Record<string, unknown> {
  const view = { now: 0, publicUrl: '', secrets: false };
  const check = toCheck(row, view);
  const {
    id: _id,
    state: _state,
    created_at: _created,
    updated_at: _updated,
    ping: _ping,
    ping_url: _url,
    ...shown
  } = check;
  return { ...shown, config: redactConfig(kind, shown.config) };
}

function takenSlug(slug: string): (error: unknown) => never {
  return (error) => {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('already_exists', `There is already a check "${slug}".`, {
      cause: error,
      errors: [{ field: 'slug', message: `"${slug}" is taken` }],
    });
  };
}
