import type { PlanStep } from '@watchkeeper/contracts/manifest';

export interface PlanCount {
  create: number;
  update: number;
  delete: number;
  unchanged: number;
}

export function countPlan(plan: readonly PlanStep[]): PlanCount {
  const count: PlanCount = { create: 0, update: 0, delete: 0, unchanged: 0 };
  for (const { action } of plan) count[action] += 1;
  return count;
}

/** A value of the plan as a person writes it; undefined for nothing. */
export function planValue(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (Array.isArray(value) && value.length === 0) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
