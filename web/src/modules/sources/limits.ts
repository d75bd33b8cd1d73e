/** Equal to the contract's, which a test holds it to: importing the schemas would cost the page 20 KB. */
export const freshSeconds = 300;
export const intervalSeconds = { min: 15, max: 240 };

/** The server judges; these only say it earlier. */
export const timeoutSeconds = { min: 1, max: 120 };
export const alertAfter = { min: 1, max: 100 };
export const sourceDefaults = { interval: 60, timeout: 30, alertAfter: 2 };
