// The registry list. To add a rule kind, write one file here and its test, and add one line below.
export { absence } from './absence.ts';
export { afterHours } from './after-hours.ts';
export { checkFailure } from './check-failure.ts';
export { counterRate } from './counter-rate.ts';
export { external } from './external.ts';
export { flapping } from './flapping.ts';
export { metric } from './metric.ts';
export { rate } from './rate.ts';
export { spike } from './spike.ts';
export { threshold } from './threshold.ts';
