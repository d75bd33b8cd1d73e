import { findOrganization } from '#modules/identity';
import { type DirectoryRow, loadDirectory } from '#modules/inventory';
import type { Database, Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { DeviceEntry, DeviceName, DirectorySource } from './directory.ts';

/** Reads devices through inventory's door. Across tenants: a token or name itself says whose it is. */
export function createDirectorySource(db: Pick<Database, 'system'>): DirectorySource {
  return {
    async byTokenHashes(hashes) {
      const rows = await db.system((tx) => loadDirectory(tx, { tokenHashes: hashes }));
      const byHash = new Map(rows.map((row) => [row.token_hash?.toString('hex'), row]));
      return hashes.map((hash) => toEntry(byHash.get(hash.toString('hex'))));
    },
    byNames: (names) => db.system((tx) => findByNames(tx, names)),
  };
}

async function findByNames(tx: Tx, names: readonly DeviceName[]): Promise<(DeviceEntry | undefined)[]> {
  const addresses = names.map((name) => ({ organizationSlug: name.organization, deviceSlug: name.device }));
  const rows = await loadDirectory(tx, { addresses });
  const bySlug = new Map(rows.map((row) => [`${row.organization_slug}\n${row.device_slug}`, row]));
  const found: (DeviceEntry | undefined)[] = [];
  for (const name of names) {
    const row = bySlug.get(`${name.organization}\n${name.device}`) ?? (await findById(tx, name));
    found.push(toEntry(row));
  }
  return found;
}

/** Ids are accepted wherever slugs are, and rare: one query each. */
async function findById(tx: Tx, name: DeviceName): Promise<DirectoryRow | undefined> {
  if (!isId(name.organization) && !isId(name.device)) return undefined;
  const organization = await findOrganization(tx, name.organization);
  if (organization === undefined) return undefined;
  const bySlug = await loadDirectory(tx, {
    addresses: [{ organizationSlug: organization.slug, deviceSlug: name.device }],
  });
  if (bySlug[0] !== undefined || !isId(name.device)) return bySlug[0];
  const rows = await loadDirectory(tx, { deviceIds: [name.device] });
  return rows.find((row) => row.organization_id === organization.id);
}

function toEntry(row: DirectoryRow | undefined): DeviceEntry | undefined {
  return (
    row && {
      key: row.device_key,
      id: row.device_id,
      slug: row.device_slug,
      organizationId: row.organization_id,
      organizationSlug: row.organization_slug,
      siteId: row.site_id,
      siteSlug: row.site_slug,
      retired: row.retired,
    }
  );
}
