import type { Ctx } from '#platform/context';
import type { KindConfig } from '#platform/kinds/registry';
import { openConfig, sealedElsewhere } from '#platform/kinds/secrets';
import type { CheckKind } from '../kind.ts';
import { checkKinds } from '../registry.ts';
import { type ClaimedCheck, loadConfigs, type StoredCheck } from './store.ts';

/** How many configs are kept between runs. When full, the one that was loaded longest ago is dropped. */
const entriesMax = 20_000;

/** A check that can run, or the reason why it cannot. */
export type Runnable =
  | {
      readonly version: number;
      readonly organizationId: string;
      readonly deviceId: string | null;
      readonly kind: CheckKind;
      readonly config: KindConfig;
      readonly target: string;
    }
  | { readonly version: number; readonly fault: string };

/** The config of each check, ready to run. Each version is read once. */
export class ConfigCache {
  readonly #ctx: Pick<Ctx, 'db' | 'vault' | 'log'>;
  readonly #entries = new Map<string, Runnable>();

  constructor(ctx: Pick<Ctx, 'db' | 'vault' | 'log'>) {
    this.#ctx = ctx;
  }

  async load(claimed: readonly ClaimedCheck[]): Promise<void> {
    const missing = claimed.filter((check) => this.#entries.get(check.check_id)?.version !== check.version);
    if (missing.length === 0) return;
    const rows = await loadConfigs(
      this.#ctx.db,
      missing.map((check) => check.check_id),
    );
    for (const row of rows) {
      this.#entries.delete(row.id);
      this.#entries.set(row.id, this.#open(row));
    }
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= entriesMax) break;
      this.#entries.delete(id);
    }
  }

  get(id: string): Runnable | undefined {
    return this.#entries.get(id);
  }

  #open(row: StoredCheck): Runnable {
    const kind = checkKinds.find(row.kind);
    if (kind === undefined)
      return { version: row.version, fault: `This server knows no checks of the kind "${row.kind}".` };
    try {
      const config = openConfig(row, this.#ctx.vault);
      // A check without a target loads nobody, so it waits for no other check: its own id is its target.
      const target = kind.target(config) ?? row.id;
      const { version, organization_id: organizationId, device_id: deviceId } = row;
      return { version, organizationId, deviceId, kind, config, target };
    } catch (error) {
      this.#ctx.log.warn({ err: error, check: row.id }, 'the secrets of a check cannot be opened');
      return { version: row.version, fault: sealedElsewhere };
    }
  }
}
