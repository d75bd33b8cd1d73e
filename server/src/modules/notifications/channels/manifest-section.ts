import { type ManifestChannel, ManifestChannels } from '@watchkeeper/contracts/notifications';
import { keptSecret } from '@watchkeeper/contracts/vocabulary';
import {
  addChannel,
  type ChannelDraft,
  type ChannelKind,
  type ChannelRow,
  changeChannel,
  channelKinds,
  generateSecrets,
  openChannel,
  removeChannel,
  selectChannels,
  toDraft,
  vetRouting,
  vetUrls,
} from '#modules/delivery';
import { requirePermission } from '#modules/identity';
import {
  defineManifestSection,
  type ManifestReader,
  type ManifestRun,
  type PlannedStep,
  planEntry,
  planRemoval,
  type SectionContent,
} from '#modules/inventory';
import { AppError, type FieldError } from '#platform/errors';
import type { KindConfig } from '#platform/kinds/registry';
import { keepSecrets, redactConfig } from '#platform/kinds/secrets';

/** Stands in a plan for a secret that the file changes. */
const newSecret = `${keptSecret} (new)`;

/** `channels` of watchkeeper.yaml, identified by their name. The file does not change channels of the environment. */
const channelsSection = defineManifestSection({
  key: 'channels',
  schema: ManifestChannels,
  read,
  async plan(run, wanted) {
    requirePermission(run.scope, 'channels:write');
    const there = (await selectChannels(run.tx, run.scope.organizationId)).filter(
      (row) => row.managed_by === null,
    );
    refuseDoubles(wanted, there);
    const items: PlannedStep[] = [];
    for (const [index, entry] of wanted.entries()) {
      const before = there.find((row) => row.name === entry.name);
      items.push(await inField(`manifest.channels.${index}`, () => planChannel(run, entry, before)));
    }
    const extra = run.prune ? there.filter((row) => !wanted.some((entry) => entry.name === row.name)) : [];
    return {
      items: [
        ...items,
        ...extra.map((row) => planRemoval('channel', row.name, () => removeChannel(run, row))),
      ],
    };
  },
});

/**
 * Secrets are replaced by a placeholder that keeps them. Channels that the file could not restore are left out, and a
 * note in it says so.
 */
async function read({ ctx, tx, scope }: ManifestReader): Promise<SectionContent> {
  const entries: Record<string, unknown>[] = [];
  const leftOut: string[] = [];
  const rows = await selectChannels(tx, scope.organizationId);
  for (const row of rows) {
    const opened = openChannel(row, ctx.vault);
    const doubled = rows.filter((other) => other.managed_by === null && other.name === row.name).length > 1;
    if (row.managed_by !== null) leftOut.push(`${row.name}: set by variables of the server.`);
    else if (opened.kind === undefined) leftOut.push(`${row.name}: ${opened.reason}`);
    else if (doubled) leftOut.push(`${row.name}: several channels have this name.`);
    else entries.push(toPlain(opened.kind, { ...row, config: opened.config }, opened.config));
  }
  return { entries, leftOut };
}

async function planChannel(
  run: ManifestRun,
  entry: ManifestChannel,
  before: ChannelRow | undefined,
): Promise<PlannedStep> {
  const kind = channelKinds.get(entry.kind);
  if (before !== undefined && before.kind !== entry.kind) {
    const message = `is "${before.kind}" and cannot be changed; give the new channel another name`;
    throw new AppError('validation_failed', `kind: ${message}`, { errors: [{ field: 'kind', message }] });
  }
  if (before === undefined) return await planNew(run, kind, entry);
  const opened = openChannel(before, run.ctx.vault);
  const configBefore = opened.kind === undefined ? {} : opened.config;
  const config = channelKinds.parse(kind, keepSecrets(kind, entry.config, configBefore));
  await vetUrls(run.ctx, kind, config);
  const draft = toDraft(before, entry, config);
  const current = toPlain(kind, { ...before, config: configBefore }, configBefore);
  return planEntry('channel', entry.name, current, toPlain(kind, draft, configBefore), () =>
    changeChannel(run, kind, before, draft),
  );
}

async function planNew(run: ManifestRun, kind: ChannelKind, entry: ManifestChannel): Promise<PlannedStep> {
  const { config, made } = generateSecrets(kind, channelKinds.parse(kind, entry.config));
  await vetUrls(run.ctx, kind, config);
  const draft: ChannelDraft = {
    name: entry.name,
    config,
    min_severity: entry.min_severity ?? 'low',
    enabled: entry.enabled ?? true,
    escalation_only: entry.escalation_only ?? false,
    routing: vetRouting(entry.routing ?? null),
  };
  return planEntry('channel', entry.name, undefined, toPlain(kind, draft, config), async () => {
    await addChannel(run, kind, draft);
    for (const [field, secret] of Object.entries(made)) run.tokens[`channel ${entry.name} ${field}`] = secret;
  });
}

/** Under the field names of the file. A secret shows only whether it changes. */
function toPlain(kind: ChannelKind, draft: ChannelDraft, configBefore: KindConfig): Record<string, unknown> {
  const shown = redactConfig(kind, draft.config);
  for (const name of kind.secrets) {
    if (draft.config[name] !== configBefore[name]) shown[name] = newSecret;
  }
  return {
    name: draft.name,
    kind: kind.kind,
    config: shown,
    min_severity: draft.min_severity,
    enabled: draft.enabled,
    escalation_only: draft.escalation_only,
    ...(draft.routing === null ? {} : { routing: draft.routing }),
  };
}

function refuseDoubles(wanted: readonly ManifestChannel[], there: readonly ChannelRow[]): void {
  const errors = wanted.flatMap((entry, index): FieldError[] => {
    const field = `manifest.channels.${index}.name`;
    if (wanted.findIndex((other) => other.name === entry.name) !== index)
      return [{ field, message: 'is listed twice' }];
    const same = there.filter((row) => row.name === entry.name).length;
    return same > 1 ? [{ field, message: `is the name of ${same} channels; rename them first` }] : [];
  });
  const first = errors[0];
  if (first !== undefined)
    throw new AppError('validation_failed', `${first.field}: ${first.message}.`, { errors });
}

/** Mistakes inside one entry are told with the entry's place in the file. */
async function inField<T>(prefix: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.errors.length === 0) throw error;
    const errors = error.errors.map(({ field, message }) => ({ field: `${prefix}.${field}`, message }));
    throw new AppError(error.code, `${prefix}.${error.message}`, { errors });
  }
}

export const sections = [channelsSection];
