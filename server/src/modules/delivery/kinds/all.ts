export { inProduct } from './console.ts';
export { email } from './email.ts';
export { pagerduty } from './pagerduty.ts';
export { slack } from './slack.ts';
export { telegram } from './telegram.ts';
export { webhook } from './webhook.ts';
