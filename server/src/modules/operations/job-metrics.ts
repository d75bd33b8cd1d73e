import { defineReading, only } from '#platform/metric-readings';
import { readQueue } from './store.ts';

/** Background jobs of all processes. */
export const jobMetrics = defineReading({
  name: 'jobs',
  gauges: {
    jobs: { help: 'Background jobs by state; failed: for good.', labels: ['state'] },
    jobs_oldest_seconds: { help: 'How long the oldest waiting job has waited.' },
  },
  async read(_ctx, tx) {
    const queue = await readQueue(tx);
    const failed = (queue.failed ?? []).reduce((sum, one) => sum + one.count, 0);
    return {
      jobs: [
        [{ state: 'waiting' }, queue.waiting],
        [{ state: 'active' }, queue.active],
        [{ state: 'failed' }, failed],
      ],
      jobs_oldest_seconds: only(queue.oldest_seconds),
    };
  },
});
