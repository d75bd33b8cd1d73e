import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Fields that every line of one request or job carries. */
export const logScope = new AsyncLocalStorage<Record<string, string>>();

const redacted = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  '*.password',
  '*.token',
  '*.secret',
  '*.authorization',
  '*.cookie',
  'req.headers.authorization',
  'req.headers.cookie',
];

/** JSON lines on standard output, or whatever `stream` makes of them. */
export function createLogger(options: { level: string; stream?: DestinationStream }): Logger {
  const lines = {
    level: options.level,
    base: null,
    redact: { paths: redacted, censor: '[redacted]' },
    mixin: () => logScope.getStore() ?? {},
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return options.stream === undefined ? pino(lines) : pino(lines, options.stream);
}
