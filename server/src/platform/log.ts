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

/** For errors that contain others. */
const errorsMax = 20;

/**
 * The message of an error without its other properties: an error of the database driver holds its whole
 * connection, with statements and the key that cancels them.
 */
function saidBy(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const said = Object.entries(pino.stdSerializers.err(error)).flatMap(([name, value]) => {
    if (name === 'aggregateErrors' && error instanceof AggregateError)
      return [[name, error.errors.slice(0, errorsMax).map(saidBy)]];
    return typeof value === 'object' && value !== null ? [] : [[name, value]];
  });
  return Object.fromEntries(said);
}

/** Writes JSON lines to standard output, or to `stream`. */
export function createLogger(options: { level: string; stream?: DestinationStream }): Logger {
  const lines = {
    level: options.level,
    base: null,
    redact: { paths: redacted, censor: '[redacted]' },
    serializers: { err: saidBy },
    mixin: () => logScope.getStore() ?? {},
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return options.stream === undefined ? pino(lines) : pino(lines, options.stream);
}
