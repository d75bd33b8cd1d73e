/** What a device's own word makes of it. Words we do not know are a sign of life all the same. */
export type ReportedStatus = 'online' | 'degraded';

const degradedWords = new Set(['degraded', 'warning', 'error', 'critical']);

export function toReportedStatus(word: string): ReportedStatus {
  return degradedWords.has(word) || degradedWords.has(word.toLowerCase()) ? 'degraded' : 'online';
}
