import type { Ctx } from '#platform/context';
import type { KindConfig } from '#platform/kinds/registry';
import { openConfig, sealedElsewhere } from '#platform/kinds/secrets';
import type { CheckKind } from '../kind.ts';
import { checkKinds } from '../registry.ts';
import { type ClaimedCheck, loadConfigs, type StoredCheck } from './store.ts';

/** Of configs kept between runs; the least recently loaded goes first. */
const entriesMax = 20_000;

/** A check ready to run, or why it cannot be. */
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

/** What to do for each check, read once per version. */
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
      // What bothers nobody waits for nobody.
      const target = kind.target(config) ?? row.id;
      const { version, organization_id: organizationId, device_id: deviceId } = row;
      return { version, organizationId, deviceId, kind, config, target };
    } catch (error) {
      this.#ctx.log.warn({ err: error, check: row.id }, 'the secrets of a check cannot be opened');
      return { version: row.version, fault: sealedElsewhere };
    }
  }
}
