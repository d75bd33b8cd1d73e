import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import { type DeviceTypeFields, insertDeviceType } from './store.ts';

/** What a fleet of golf bays starts with. Editable like any other type. */
const seeds: readonly DeviceTypeFields[] = [
  {
    slug: 'trackman_pc',
    name: 'TrackMan PC',
    check_interval_seconds: 30,
    timeout_seconds: 5,
    retries: 3,
    alert_after_failures: 2,
    recover_after_successes: 1,
    check_method: 'ninjaone',
  },
  {
    slug: 'door_controller',
    name: 'Door controller',
    check_interval_seconds: 60,
    timeout_seconds: 3,
    retries: 2,
    alert_after_failures: 3,
    recover_after_successes: 1,
    check_method: 'unifi_access',
  },
  {
    slug: 'network_connectivity',
    name: 'Network connectivity',
    check_interval_seconds: 15,
    timeout_seconds: 2,
    retries: 1,
    alert_after_failures: 1,
    recover_after_successes: 1,
    check_method: 'icmp',
  },
];

/** Idempotent: a type that is there keeps what an operator made of it. */
export async function seedDeviceTypes(tx: Tx, organizationId: string, at: Date): Promise<void> {
  for (const seed of seeds) await insertDeviceType(tx, organizationId, newId(), seed, at);
}
