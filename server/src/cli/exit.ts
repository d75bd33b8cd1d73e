/** Exit codes for scripts. 64, 69 and 78 follow sysexits.h. */
export const exitCodes = { failed: 1, usage: 64, unavailable: 69, config: 78, refused: 77 } as const;

/** A message for the person at the terminal, and the exit code for scripts. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;
  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode;
  if (!(error instanceof Error)) return exitCodes.failed;
  // Compared by name: importing the class would load code that this command may not need.
  if (error.name === 'ConfigError') return exitCodes.config;
  if (error.name === 'AppError' && 'code' in error && error.code === 'database_unavailable')
    return exitCodes.unavailable;
  return exitCodes.failed;
}

/** One clear message. Only unexpected errors show a stack. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const foreseen = [
    'CliError',
    'ConfigError',
    'AppError',
    'EmbeddedPostgresError',
    'MigrationError',
    'PoolerError',
    'OutboundRefused',
  ];
  const refused = 'code' in error && error.code === 'EADDRINUSE';
  if (refused) return `${error.message}: another program listens there. Set PORT to a free one.`;
  return foreseen.includes(error.name) ? error.message : (error.stack ?? error.message);
}
