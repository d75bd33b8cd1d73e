import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import { purgeInvitations } from '../invitations/store.ts';
import type { Maker } from '../scope.ts';

/** The provider id under which better-auth keeps e-mail and password. */
const passwordProvider = 'credential';

/** Any constant works that no other lock uses. */
const firstStartLock = 72_611_001;

/** Only one transaction at a time checks whether any user exists. */
export async function lockFirstStart(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${firstStartLock})`.execute(tx);
}

export interface UserRow {
  id: string;
  email: string;
  name: string;
  provider_role: 'provider' | null;
}

export async function anyUser(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select exists (select from users) as found`.execute(tx);
  return rows[0]?.found === true;
}

/** When two callers add the same address at once, both get the same account. */
export async function insertUser(
  tx: Tx,
  user: { id: string; email: string; name: string; providerRole: 'provider' | null; now: Date },
): Promise<void> {
  await sql`
    insert into users (id, name, email, provider_role, created_at, updated_at)
    values (${user.id}, ${user.name}, lower(${user.email}), ${user.providerRole}, ${user.now}, ${user.now})
    on conflict (email) do nothing`.execute(tx);
}

/** Sets or replaces the password, and ends every session, token and link of the person. */
export async function setPasswordHash(tx: Tx, userId: string, hash: string, now: Date): Promise<void> {
  await sql`
    insert into accounts (id, user_id, provider_id, account_id, password, created_at, updated_at)
    values (${newId()}, ${userId}, ${passwordProvider}, ${userId}, ${hash}, ${now}, ${now})
    on conflict (provider_id, account_id) do update set password = excluded.password, updated_at = excluded.updated_at
  `.execute(tx);
  await sql`delete from sessions where user_id = ${userId}`.execute(tx);
  await endTokens(tx, userId);
}

/** Ends the bearer tokens and one-time links of the person. */
export async function endTokens(tx: Tx, userId: string): Promise<void> {
  await sql`update users set token_version = token_version + 1 where id = ${userId}`.execute(tx);
  await deleteLinksOf(tx, userId);
}

export interface CredentialRow extends UserRow {
  password: string | null;
  token_version: number;
}

export async function selectCredential(tx: Tx, email: string): Promise<CredentialRow | undefined> {
  const { rows } = await sql<CredentialRow>`
    select u.id, u.email, u.name, u.provider_role, u.token_version, a.password
    from users u left join accounts a on a.user_id = u.id and a.provider_id = ${passwordProvider}
    where u.email = lower(${email})`.execute(tx);
  return rows[0];
}

export interface AccountRow extends UserRow {
  has_password: boolean;
  /** Belongs to organizations other than the given one. */
  elsewhere: boolean;
}

/** `match` by e-mail or id; the row is locked, so that two invitations of one person wait for each other. */
export async function lockAccount(
  tx: Tx,
  match: { email: string } | { id: string },
  organizationId: string,
): Promise<AccountRow | undefined> {
  const condition = 'email' in match ? sql`u.email = lower(${match.email})` : sql`u.id = ${match.id}`;
  const { rows } = await sql<AccountRow>`
    select u.id, u.email, u.name, u.provider_role,
      exists (select from accounts a where a.user_id = u.id and a.password is not null) as has_password,
      exists (select from members m where m.user_id = u.id and m.organization_id <> ${organizationId}) as elsewhere
    from users u where ${condition} for update of u`.execute(tx);
  return rows[0];
}

export interface PrincipalUserRow extends UserRow {
  token_version: number;
  organization_id: string | null;
  slug: string | null;
  organization_name: string | null;
  role: string | null;
}

/** One row per membership, or one row with nulls. */
export async function selectUserWithMemberships(tx: Tx, userId: string): Promise<PrincipalUserRow[]> {
  const { rows } = await sql<PrincipalUserRow>`
    select u.id, u.email, u.name, u.provider_role, u.token_version,
      o.id as organization_id, o.slug, o.name as organization_name, m.role
    from users u
      left join members m on m.user_id = u.id
      left join organizations o on o.id = m.organization_id
    where u.id = ${userId}
    order by o.slug`.execute(tx);
  return rows;
}

export async function insertLink(
  tx: Tx,
  link: {
    hash: Buffer;
    userId: string | null;
    organizationId: string | null;
    byOperator?: boolean;
    maker?: Maker;
    now: Date;
    expiresAt: Date;
  },
): Promise<void> {
  await sql`
    insert into setup_links (hash, user_id, organization_id, by_operator, made_by_kind, made_by_id, created_at, expires_at)
    values (${link.hash}, ${link.userId}, ${link.organizationId}, ${link.byOperator ?? false},
      ${link.maker?.made_by_kind ?? null}, ${link.maker?.made_by_id ?? null}, ${link.now}, ${link.expiresAt})`.execute(
    tx,
  );
}

/** A new link makes older unused links of the same person void. */
export async function deleteLinksOf(tx: Tx, userId: string): Promise<void> {
  await sql`delete from setup_links where user_id = ${userId}`.execute(tx);
}

export interface LinkRow extends Maker {
  /** null: for the first owner. */
  user_id: string | null;
  /** Who made the link; null for the first owner's link, and for links of the release before. */
  organization_id: string | null;
  /** Made by the operator of the installation. */
  by_operator: boolean;
}

/** Uses a link up. The row is the lock, so only one of two holders succeeds. */
export async function useLink(tx: Tx, hash: Buffer, now: Date): Promise<LinkRow | undefined> {
  const { rows } = await sql<LinkRow>`
    update setup_links set used_at = ${now}
    where hash = ${hash} and used_at is null and expires_at > ${now}
    returning user_id, organization_id, by_operator, made_by_kind, made_by_id`.execute(tx);
  return rows[0];
}

/** Looks at a link without using it up. */
export async function findLink(tx: Tx, hash: Buffer, now: Date): Promise<LinkRow | undefined> {
  const { rows } = await sql<LinkRow>`
    select user_id, organization_id, by_operator, made_by_kind, made_by_id from setup_links
    where hash = ${hash} and used_at is null and expires_at > ${now}`.execute(tx);
  return rows[0];
}

export interface SessionRow {
  id: string;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Date;
  expires_at: Date;
}

export const sessionsListed = 100;

export async function selectSessions(tx: Tx, userId: string): Promise<SessionRow[]> {
  // Sessions live by the library's clock, the real one.
  const { rows } = await sql<SessionRow>`
    select id, ip_address, user_agent, created_at, expires_at from sessions
    where user_id = ${userId} and expires_at > now()
    order by created_at desc, id desc limit ${sessionsListed}`.execute(tx);
  return rows;
}

/** Which of these sessions have not ended. */
export async function selectLiveSessions(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from sessions where id = any(${[...ids]}::uuid[]) and expires_at > now()`.execute(tx);
  return rows.map((row) => row.id);
}

export async function deleteSession(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
  const { rows } = await sql`
    delete from sessions where id = ${sessionId} and user_id = ${userId} returning id`.execute(tx);
  return rows.length === 1;
}

/** Ends all sessions of a person but one. */
export async function deleteOtherSessions(tx: Tx, userId: string, keptId: string): Promise<void> {
  await sql`delete from sessions where user_id = ${userId} and id <> ${keptId}`.execute(tx);
}

/** Deletes expired rows. */
export async function purgeExpired(tx: Tx, now: Date): Promise<void> {
  await sql`delete from sessions where expires_at < now()`.execute(tx);
  await sql`delete from verifications where expires_at < now()`.execute(tx);
  await sql`delete from setup_links where expires_at < ${now}`.execute(tx);
  await purgeInvitations(tx, now);
}

export interface KeyRow {
  id: string;
  sealed: string;
}

export type KeyPurpose = 'session' | 'token';

/** The current key of a purpose. The first process creates it; the others read it. */
export async function ensureKey(
  tx: Tx,
  purpose: KeyPurpose,
  fresh: { id: string; sealed: string; now: Date },
): Promise<KeyRow | undefined> {
  await sql`
    insert into identity_keys (id, purpose, sealed, created_at)
    values (${fresh.id}, ${purpose}, ${fresh.sealed}, ${fresh.now})
    on conflict (purpose) where retired_at is null do nothing`.execute(tx);
  const { rows } = await sql<KeyRow>`
    select id, sealed from identity_keys where purpose = ${purpose} and retired_at is null`.execute(tx);
  return rows[0];
}
