import type { PasswordLink } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import type { OrganizationSeed } from '#platform/module';
import { issueSetupLink } from './accounts/links.ts';
import { missingIn } from './accounts/password-rules.ts';
import { hashPassword } from './accounts/passwords.ts';
import { anyUser, insertUser, lockFirstStart, selectCredential, setPasswordHash } from './accounts/store.ts';
import { audit } from './audit/audit.ts';
import { auditTarget } from './members/member-rules.ts';
import { insertMember } from './members/store.ts';
import { addOrganization } from './organizations/create-organization.ts';
import { anyOrganization, type OrganizationRow } from './organizations/store.ts';
import type { Caller } from './scope.ts';

const bootstrapCaller: Caller = { kind: 'system', id: 'first-start', name: 'First start' };
const bootstrapMarks = { caller: bootstrapCaller, requestId: 'first-start' };

export interface Bootstrapped {
  /** The organization that this call created. */
  readonly organizationCreated: string | null;
  /** The link to create the first owner; null when there is a user. */
  readonly setupLink: PasswordLink | null;
}

/**
 * Prepares an empty installation for the first sign-in: creates BOOTSTRAP_ORG, and the first owner from
 * ADMIN_EMAIL or with a one-time link. Idempotent; when two processes start at once, only one does it.
 */
export async function ensureBootstrap(
  ctx: Ctx,
  seeds: readonly OrganizationSeed[] = [],
): Promise<Bootstrapped> {
  const { adminEmail, adminPassword } = ctx.config.bootstrap;
  // Hashed before the lock is taken, because hashing is slow; skipped when there are users.
  const wanted = adminPassword !== undefined && !(await ctx.db.system(anyUser));
  const passwordHash = wanted ? await hashPassword(adminPassword) : undefined;
  // A system transaction: the first tenant does not exist yet.
  const done = await ctx.db.system(async (tx) => {
    await lockFirstStart(tx);
    const created = await ensureOrganization(ctx, tx, seeds);
    if (await anyUser(tx)) return { created, setupLink: null, owner: null };
    if (adminEmail === undefined || passwordHash === undefined) {
      return { created, setupLink: await issueSetupLink(ctx, tx), owner: null };
    }
    const first = { email: adminEmail, name: adminEmail.slice(0, adminEmail.indexOf('@')), passwordHash };
    await addFirstOwner(ctx, tx, first);
    return { created, setupLink: null, owner: adminEmail };
  });
  if (done.created !== null) ctx.log.info(`created the organization "${done.created}"`);
  if (done.owner !== null) {
    ctx.log.info(`created the first owner, ${done.owner}`);
    const missing = missingIn(adminPassword ?? '');
    if (missing !== undefined)
      ctx.log.warn(`ADMIN_PASSWORD is weaker than a password that people may choose: it needs ${missing}`);
  }
  return { organizationCreated: done.created, setupLink: done.setupLink };
}

/** A new link for the first owner; null once there is a user. */
export async function renewSetupLink(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config'>,
): Promise<PasswordLink | null> {
  // A system transaction: a link belongs to no organization.
  return await ctx.db.system(async (tx) => {
    await lockFirstStart(tx);
    return (await anyUser(tx)) ? null : await issueSetupLink(ctx, tx);
  });
}

async function ensureOrganization(
  ctx: Ctx,
  tx: Tx,
  seeds: readonly OrganizationSeed[],
): Promise<string | null> {
  if ((await anyOrganization(tx)) !== undefined) return null;
  const slug = ctx.config.bootstrap.organizationSlug;
  const row = await addOrganization(ctx, tx, bootstrapMarks, { slug, name: nameOf(slug) }, seeds);
  return row?.slug ?? null;
}

/** `pine-golf` is shown as "Pine golf" until somebody renames it. */
function nameOf(slug: string): string {
  const words = slug.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export interface FirstOwner {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}

/** The owner of the first organization is also provider staff: somebody must be able to create the second. */
export async function addFirstOwner(
  ctx: Pick<Ctx, 'clock'>,
  tx: Tx,
  first: FirstOwner,
): Promise<OrganizationRow> {
  const organization = await anyOrganization(tx);
  if (organization === undefined) throw new Error('The first organization is not there.');
  const now = new Date(ctx.clock.now());
  const email = first.email.toLowerCase();
  await insertUser(tx, { id: newId(), email, name: first.name, providerRole: 'provider', now });
  const user = await selectCredential(tx, email);
  if (user === undefined) throw new Error('The owner who was just created is not there.');
  await setPasswordHash(tx, user.id, first.passwordHash, now);
  await insertMember(tx, { organizationId: organization.id, userId: user.id, role: 'owner', now });
  await audit(
    tx,
    { ...bootstrapMarks, organizationId: organization.id },
    {
      action: 'member.added',
      target: auditTarget(user),
      after: { email, name: first.name, role: 'owner', provider: true },
    },
  );
  return organization;
}
