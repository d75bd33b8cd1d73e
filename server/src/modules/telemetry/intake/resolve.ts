import type { Heartbeat } from '@watchkeeper/contracts/telemetry';
import { findOrganization, type ProviderScope, requirePermission, type Scope } from '#modules/identity';
import { findSiteByAddress, provisionDevice } from '#modules/inventory';
import type { Ctx } from '#platform/context';
import { AppError, invalidField, notFound } from '#platform/errors';
import type { DeviceEntry, Directory } from './directory.ts';

export type HeartbeatAddress = Pick<Heartbeat, 'device_id' | 'tenant_id' | 'store_id'>;

/** The sender: a device, anybody (HEARTBEAT_AUTH=open), or a caller with telemetry:write. */
export type Sender =
  | { readonly kind: 'device'; readonly device: DeviceEntry }
  | { readonly kind: 'open' }
  | { readonly kind: 'caller'; readonly scopeOf: (organization: string) => Promise<Scope> };

/** Unknown devices that one process lets in per minute in open mode; a whole fleet may start at once. */
const provisionsPerMinuteMax = 6_000;
const minuteMs = 60_000;
const deviceSlugPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,126}[A-Za-z0-9])?$/;

export interface Resolver {
  resolve(sender: Sender, address: HeartbeatAddress): Promise<DeviceEntry>;
}

export function isNamed(device: DeviceEntry, address: HeartbeatAddress): boolean {
  return (
    (address.device_id === device.slug || address.device_id === device.id) &&
    isTenantOf(device, address.tenant_id)
  );
}

function isTenantOf(device: DeviceEntry, tenant: string): boolean {
  return tenant === device.organizationSlug || tenant === device.organizationId;
}

/** The caller's scopes, looked up once per organization and request. */
export function callerSender(provider: ProviderScope): Sender {
  const scopes = new Map<string, Promise<Scope>>();
  return {
    kind: 'caller',
    scopeOf(organization) {
      const scope = scopes.get(organization) ?? provider.within(organization);
      scopes.set(organization, scope);
      return scope;
    },
  };
}

export function createResolver(ctx: Ctx, directory: Directory): Resolver {
  let provisioned = 0;
  let minute = 0;

  /** A token names its device; the payload must agree. Another tenant's devices are not looked up at all. */
  async function ofToken(device: DeviceEntry, address: HeartbeatAddress): Promise<DeviceEntry> {
    if (isNamed(device, address)) return device;
    if (isTenantOf(device, address.tenant_id)) {
      const named = await directory.findName(device.organizationSlug, address.device_id);
      if (named === null) throw notFound('device');
    }
    throw new AppError(
      'device_mismatch',
      'The token does not belong to the device that device_id and tenant_id name.',
    );
  }

  async function ofCaller(scope: Scope, address: HeartbeatAddress): Promise<DeviceEntry> {
    requirePermission(scope, 'telemetry:write');
    const device = await directory.findName(scope.organizationSlug, address.device_id);
    if (device === null) throw notFound('device');
    return device;
  }

  async function ofAnybody(address: HeartbeatAddress): Promise<DeviceEntry> {
    const known = await directory.findName(address.tenant_id, address.device_id);
    if (known !== null) return known;
    if (!deviceSlugPattern.test(address.device_id)) {
      throw invalidField('device_id', 'must be letters, digits, dot, underscore, colon or hyphen');
    }
    countProvision();
    await provision(address);
    directory.forgetAbsent();
    const device = await directory.findName(address.tenant_id, address.device_id);
    if (device === null) throw notFound('device');
    return device;
  }

  function countProvision(): void {
    const now = Math.floor(ctx.clock.now() / minuteMs);
    if (now !== minute) {
      minute = now;
      provisioned = 0;
    }
    provisioned += 1;
    if (provisioned > provisionsPerMinuteMax) {
      throw new AppError('rate_limited', 'Too many unknown devices in one minute.', {
        retryAfterSeconds: 60,
      });
    }
  }

  async function provision(address: HeartbeatAddress): Promise<void> {
    // No tenant is known yet: the payload is all there is.
    const place = await ctx.db.system(async (tx) => {
      const organization = await findOrganization(tx, address.tenant_id);
      const site = organization && (await findSiteByAddress(tx, organization.slug, address.store_id));
      return organization && { organization, site };
    });
    if (place === undefined) {
      throw new AppError(
        'not_found',
        `There is no tenant "${address.tenant_id}": tenant_id is an organization's slug.`,
      );
    }
    const { organization, site } = place;
    if (site === undefined) {
      throw new AppError(
        'not_found',
        `There is no store "${address.store_id}": store_id is the slug of one of the tenant's sites.`,
      );
    }
    await ctx.db.tenant(organization.id, (tx) =>
      provisionDevice(ctx, tx, {
        organizationId: organization.id,
        organizationSlug: organization.slug,
        siteId: site.site_id,
        slug: address.device_id,
        at: new Date(ctx.clock.now()),
      }),
    );
  }

  return {
    async resolve(sender, address) {
      switch (sender.kind) {
        case 'device':
          return await ofToken(sender.device, address);
        case 'caller':
          return await ofCaller(await sender.scopeOf(address.tenant_id), address);
        case 'open':
          return await ofAnybody(address);
      }
    },
  };
}
