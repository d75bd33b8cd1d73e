import type { Settings } from './check-draft';

/** Equal to the contract's, which a test holds it to: importing the schemas would cost the page 20 KB. */
export const settingDefaults: Settings = {
  interval: 60,
  timeout: 10,
  retries: 1,
  alert_after_failures: 2,
  recover_after_successes: 1,
};
