import { findOrganization, systemScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { openForChange } from '#platform/kinds/secrets';
import { toEntry } from '../manifest/checks-section.ts';
import { addCheck, type CheckWork, changeCheck } from '../save-check.ts';
import { findCheck } from '../store.ts';
import {
  declareChecks,
  type EnvironmentCheck,
  findTaken,
  lockEnvironmentChecks,
  markEnvironment,
  readDeclared,
  selectEnvironmentChecks,
} from './store.ts';

interface Wanted {
  readonly key: string;
  readonly slug: string;
  readonly name: string;
  readonly url: string;
}

type EnvironmentCtx = Pick<
  Ctx,
  'config' | 'db' | 'clock' | 'vault' | 'live' | 'log' | 'outbound' | 'process'
>;

/**
 * API_URL, WEB_URL and ADMIN_URL become checks of the bootstrap organization, on a server that stays. Each role
 * declares the checks that its variables name; they are created and follow the variables. Only a role that had declared
 * a check may switch it off, and only when no other role still declares it. So a role never switches off a check that
 * it does not know.
 */
export async function ensureEnvironmentChecks(ctx: EnvironmentCtx): Promise<void> {
  const { role } = ctx.process;
  const wanted = wantedChecks(ctx.config);
  // Runs before any request, so the only known tenant is the one that the environment names.
  await ctx.db.system(async (tx) => {
    const organization = await findOrganization(tx, ctx.config.bootstrap.organizationSlug);
    if (organization === undefined) return;
    const work: CheckWork = {
      ctx,
      tx,
      scope: systemScope(organization.id, organization.slug, 'environment'),
    };
    await lockEnvironmentChecks(tx, organization.id);
    const existing = await selectEnvironmentChecks(tx, organization.id);
    const before = await readDeclared(tx);
    const mine = before.find((one) => one.role === role)?.keys ?? [];
    const elsewhere = new Set(before.filter((one) => one.role !== role).flatMap((one) => one.keys));
    await declareChecks(
      tx,
      role,
      wanted.map((want) => want.key),
    );
    for (const want of wanted)
      await ensureCheck(
        work,
        want,
        existing.find((one) => one.environment_key === want.key),
      );
    for (const check of existing) {
      const { environment_key: key, slug } = check;
      if (!mine.includes(key) || elsewhere.has(key) || wanted.some((want) => want.key === key)) continue;
      await follow(work, check, { enabled: false });
      ctx.log.warn({ check: slug }, 'a check was switched off: the environment names it no longer');
    }
  });
  warnOfRefused(ctx, wanted);
}

function wantedChecks({ services }: Pick<Ctx['config'], 'services'>): Wanted[] {
  const all = [
    { key: 'API_URL', slug: 'api-server', name: 'API Server', url: services.apiUrl },
    { key: 'WEB_URL', slug: 'web-server', name: 'Web Server', url: services.webUrl },
    { key: 'ADMIN_URL', slug: 'admin-server', name: 'Admin Server', url: services.adminUrl },
  ];
  return all.flatMap(({ url, ...rest }) => (url === undefined ? [] : [{ ...rest, url }]));
}

async function ensureCheck(
  work: CheckWork,
  want: Wanted,
  existing: EnvironmentCheck | undefined,
): Promise<void> {
  if (existing !== undefined) return await follow(work, existing, { enabled: true, url: want.url });
  const { tx, scope } = work;
  const other = `${want.slug}-environment`;
  const taken = await findTaken(tx, scope.organizationId, [want.slug, other]);
  const slug = [want.slug, other].find((each) => !taken.includes(each));
  if (slug === undefined) return;
  const input = { slug, name: want.name, kind: 'http', config: { url: want.url } };
  const { check } = await addCheck(work, input, { refuse: false });
  await markEnvironment(tx, check.id, want.key);
}

/** The variable decides the address and whether the check is on. All other fields belong to the operator. */
async function follow(
  work: CheckWork,
  { slug }: EnvironmentCheck,
  wanted: { enabled: boolean; url?: string },
): Promise<void> {
  const { ctx, tx, scope } = work;
  const row = await findCheck(tx, scope.organizationId, slug, true);
  if (row === undefined) return;
  const known = openForChange(row, ctx.vault);
  const url = wanted.url ?? known.url;
  if (row.enabled === wanted.enabled && known.url === url) return;
  const { kind: _, ...entry } = toEntry(row, known);
  const change = { ...entry, config: { ...entry.config, url }, enabled: wanted.enabled };
  await changeCheck(work, row, change, { refuse: false });
}

/**
 * Warns at start about addresses that every run would refuse. Runs in the background, because names may resolve slowly.
 */
function warnOfRefused(ctx: EnvironmentCtx, wanted: readonly Wanted[]): void {
  for (const { key, url } of wanted) {
    ctx.outbound.vet(url).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      ctx.log.warn({ variable: key, reason }, 'the address in a variable cannot be checked');
    });
  }
}
