import type { Ctx } from '#platform/context';
import type { Module } from '#platform/module';
import { createEngine, type Engine } from './engine/engine.ts';
import { checksPeriodic, keepResultDays } from './jobs.ts';
import { checkRoutes } from './routes.ts';

export { checksJudged } from './events.ts';
export { checkScheduler, type SchedulerHealth } from './jobs.ts';

const engines = new WeakMap<Ctx, Engine>();

/** Makes what is due now, once: for cron, and for tests with a clock of their own. Returns how many checks ran. */
export async function runDueChecks(ctx: Ctx): Promise<number> {
  const engine = engines.get(ctx);
  if (engine === undefined) throw new Error('The checks module was not started.');
  return await engine.pass();
}

/** Goes and looks: http, tcp, icmp, dns, tls, postgres, redis, mqtt. */
export const checksModule: Module = {
  name: 'checks',
  async start(ctx) {
    // Recording must not depend on the periodic work having run.
    await keepResultDays(ctx);
    const engine = createEngine(ctx);
    engines.set(ctx, engine);
    return engine;
  },
  work: (ctx) => engines.get(ctx)?.start(),
  routes: checkRoutes,
  periodic: checksPeriodic,
};
