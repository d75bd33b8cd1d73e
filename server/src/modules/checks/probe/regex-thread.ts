import { parentPort } from 'node:worker_threads';
import { compilePattern, refusedPattern } from './regex-syntax.ts';

/** One pattern on one text at a time. The caller counts the time, and ends this thread at the limit. */
parentPort?.on('message', ({ pattern, text }: { pattern: string; text: string }) => {
  // An earlier release accepted more patterns. For a stored pattern that is refused now, answer why.
  parentPort?.postMessage(refusedPattern(pattern) ?? compilePattern(pattern).test(text));
});
parentPort?.postMessage('ready');
