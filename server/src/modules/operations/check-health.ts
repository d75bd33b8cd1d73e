import {
  type ServiceStatus,
  type SystemHealth,
  serviceNames,
  uptimeWindowNames,
} from '@watchkeeper/contracts/operations';
import { findCheckByName, readCheckHistory, readCheckUptime } from '#modules/checks';
import type { Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { spansMax, withHoles } from './history.ts';
import { serviceTitles } from './services.ts';

const statuses = { up: 'pass', down: 'fail', pending: 'warn', unknown: 'warn' } as const;

/** Checks are also services that an operator named. Found by slug or name, in any case. @throws not_found, conflict */
export async function readCheckHealth(
  ctx: Ctx,
  scope: Scope,
  word: string,
  hours: number,
): Promise<SystemHealth> {
  const found = await findCheckByName(ctx, scope, word);
  if ('none' in found) throw noService(word, found.none);
  if ('several' in found)
    throw new AppError(
      'conflict',
      `Several checks have the name "${word}": ask for ${found.several.join(' or ')}.`,
    );
  const { check } = found;
  const now = new Date(ctx.clock.now());
  const from = new Date(now.getTime() - hours * 3_600_000);
  const spans = await readCheckHistory(ctx, scope, check, { from, limit: spansMax });
  const { windows, formula } = await readCheckUptime(ctx, scope, check.slug);
  const looked = spans.map((span) => ({ ...span, status: statuses[span.status], output: null }));
  return {
    service: check.slug,
    check: check.slug,
    title: check.name,
    ...standingOf(check),
    from: from.toISOString(),
    to: now.toISOString(),
    history: withHoles(looked, from, now, 0),
    truncated: spans.length === spansMax,
    uptime: uptimeWindowNames.flatMap((name) => {
      const found = windows.find(({ window }) => window === name);
      if (found === undefined) return [];
      const { available_percent, up_seconds, down_seconds, ...rest } = found.clock;
      const unknown_seconds = rest.unknown_seconds + rest.maintenance_seconds;
      return [
        { window: name, from: found.from, available_percent, up_seconds, down_seconds, unknown_seconds },
      ];
    }),
    formula: `${formula} Here maintenance is part of the unknown time.`,
  };
}

type Standing = Pick<SystemHealth, 'status' | 'output' | 'observed_value' | 'observed_unit' | 'since'>;

interface Judged {
  readonly enabled: boolean;
  readonly status: keyof typeof statuses;
  readonly since: Date;
  readonly reason: string | null;
  readonly last_total_ms: number | null;
}

function standingOf({ enabled, status, since, reason, last_total_ms: ms }: Judged): Standing {
  const said: ServiceStatus = enabled ? statuses[status] : 'warn';
  const off = enabled ? null : 'The check is switched off.';
  return {
    status: said,
    output: off ?? (said === 'pass' ? null : (reason ?? 'It has not been checked yet.')),
    observed_value: ms === null ? null : Math.round(ms * 10) / 10,
    observed_unit: ms === null ? null : 'ms',
    since: since.toISOString(),
  };
}

function noService(word: string, checks: readonly string[]): AppError {
  const own = serviceNames.map((name) => serviceTitles[name]).join(', ');
  const named = checks.length === 0 ? 'and no checks yet' : `and the checks ${checks.join(', ')}`;
  return new AppError('not_found', `There is no service "${word}". There are ${own}, ${named}.`);
}
