import { statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Ctx } from '#platform/context';
import type { HealthChecks } from '#platform/health';

const gib = 1_073_741_824;

/**
 * The file system of DATA_DIR, and that of the embedded database. For a server named by DATABASE_URL, the disk cannot
 * be checked. Above DISK_USAGE_THRESHOLD, each is a warning.
 */
export async function checkDisks({ config }: Pick<Ctx, 'config'>): Promise<HealthChecks> {
  const { dataDir, databaseUrl, thresholds } = config;
  const data = await checkDisk('data', dataDir, thresholds.diskPercent);
  if (databaseUrl !== undefined) return data;
  return {
    ...data,
    ...(await checkDisk('database', path.join(dataDir, 'postgres'), thresholds.diskPercent)),
  };
}

async function checkDisk(name: string, folder: string, limitPercent: number): Promise<HealthChecks> {
  const volume = await statfs(folder).catch(() => undefined);
  if (volume === undefined || volume.blocks === 0) return {};
  const used = volume.blocks - volume.bfree;
  // Counted as df does: space that is reserved for root is neither used nor free.
  const percent = (100 * used) / (used + volume.bavail);
  const over = percent > limitPercent;
  return {
    [`disk:${name}`]: {
      status: over ? 'warn' : 'pass',
      ...(over
        ? { output: `The disk is ${inTenths(percent)} % full; DISK_USAGE_THRESHOLD is ${limitPercent} %.` }
        : {}),
      observed_value: inTenths(percent),
      observed_unit: '% used',
    },
    [`disk:${name}:free`]: sized(volume.bavail * volume.bsize),
    [`disk:${name}:total`]: sized(volume.blocks * volume.bsize),
  };
}

function sized(bytes: number): HealthChecks[string] {
  return { status: 'pass', observed_value: Math.round((100 * bytes) / gib) / 100, observed_unit: 'GiB' };
}

function inTenths(value: number): number {
  return Math.round(10 * value) / 10;
}
