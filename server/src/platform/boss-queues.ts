import { Compile, type Validator } from 'typebox/compile';
import type { Ctx } from './context.ts';
import type { Subscription } from './events.ts';
import { failedQueue } from './failed-jobs.ts';
import type { JobOptions, JobRun } from './jobs.ts';
import type { Module } from './module.ts';

export const jobDefaults = {
  retryLimit: 8,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 300,
  expireInSeconds: 300,
  concurrency: 2,
} satisfies Required<JobOptions>;
/** Finished jobs are kept this long, for questions. */
export const keepDoneSeconds = 86_400;
/** Jobs that no worker ran are kept this long; a worker that comes back later finds them. */
const keepWaitingSeconds = 14 * 86_400;
/**
 * A worker without a sign of life for this long is dead: its job is taken over, long before the job
 * expires.
 */
export const heartbeatSeconds = 12;
/** How many queues one process can hold; more are a fault of a module. */
const queuesMax = 200;

/** A row of the job queue: a job of a module, or who subscribes to an event. */
export interface Queue {
  readonly name: string;
  readonly options: JobOptions;
  readonly validator: Validator | undefined;
  readonly run: (ctx: Ctx, payload: object, run: JobRun) => Promise<void>;
}

export function retryOf(options: JobOptions, retryLimit: number) {
  return {
    retryLimit: options.retryLimit ?? retryLimit,
    retryDelay: options.retryDelaySeconds ?? jobDefaults.retryDelaySeconds,
    retryBackoff: true,
    retryDelayMax: options.retryDelayMaxSeconds ?? jobDefaults.retryDelayMaxSeconds,
    expireInSeconds: options.expireInSeconds ?? jobDefaults.expireInSeconds,
    heartbeatSeconds,
  };
}

export function queueOptions(queue: Queue, retryLimit: number) {
  return {
    ...retryOf(queue.options, retryLimit),
    deleteAfterSeconds: keepDoneSeconds,
    retentionSeconds: keepWaitingSeconds,
    deadLetter: failedQueue,
    notify: true,
  };
}

export function collectQueues(modules: readonly Module[]): Map<string, Queue> {
  const queues = new Map<string, Queue>();
  const add = (queue: Queue) => {
    if (queues.has(queue.name)) throw new Error(`Two modules declare the job "${queue.name}".`);
    if (queues.size >= queuesMax) throw new Error(`More than ${queuesMax} job queues.`);
    queues.set(queue.name, queue);
  };
  for (const module of modules) {
    for (const job of module.jobs ?? []) {
      add({
        name: job.name,
        options: job.options,
        validator: Compile(job.schema),
        run: (ctx, payload, run) => job.handler(ctx, payload, run),
      });
    }
    for (const subscription of module.subscriptions ?? []) {
      add({
        name: queueName(subscription),
        options: {},
        validator: undefined,
        run: (ctx, payload) => subscription.handler(ctx, payload),
      });
    }
  }
  return queues;
}

export function collectSubscribers(modules: readonly Module[]): Map<string, string[]> {
  const subscribers = new Map<string, string[]>();
  for (const subscription of modules.flatMap((module) => module.subscriptions ?? [])) {
    const queues = subscribers.get(subscription.event) ?? [];
    queues.push(queueName(subscription));
    subscribers.set(subscription.event, queues);
  }
  return subscribers;
}

function queueName(subscription: Subscription): string {
  return `${subscription.event}.${subscription.subscriber}`;
}
