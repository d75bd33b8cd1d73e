/** Status from the device's own word. An unknown word is still a sign of life. */
export type ReportedStatus = 'online' | 'degraded';

/** A device that reports one of these is online, but degraded. */
const troubleWords = new Set([
  ...[
    'degraded',
    'warning',
    'warn',
    'error',
    'err',
    'critical',
    'crit',
    'fatal',
    'alert',
    'alarm',
    'emergency',
  ],
  ...['down', 'failed', 'failing', 'failure', 'fail', 'faulty', 'fault', 'broken', 'bad', 'crashed', 'dead'],
  ...[
    'offline',
    'unhealthy',
    'unavailable',
    'unreachable',
    'unresponsive',
    'disconnected',
    'stopped',
    'halted',
  ],
  ...['impaired', 'partial', 'nok', 'ko', 'not ok', 'not ready', 'out of order', 'out of service'],
]);

export function toReportedStatus(word: string): ReportedStatus {
  return word === 'online' || !isTrouble(word) ? 'online' : 'degraded';
}

function isTrouble(word: string): boolean {
  return (
    troubleWords.has(word) ||
    troubleWords.has(
      word
        .toLowerCase()
        .trim()
        .replaceAll(/[ _.:/-]+/g, ' '),
    )
  );
}
