export { inProduct } from './console.ts';
export { email } from './email.ts';
export { slack } from './slack.ts';
export { webhook } from './webhook.ts';
