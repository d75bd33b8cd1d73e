import { parentPort } from 'node:worker_threads';
import { compilePattern, refusedPattern } from './regex-syntax.ts';

/** One pattern on one text at a time. Whoever asked counts the time, and ends this thread when it is up. */
parentPort?.on('message', ({ pattern, text }: { pattern: string; text: string }) => {
  // Kept by an earlier release, whose engine took more: the answer is why it is refused.
  parentPort?.postMessage(refusedPattern(pattern) ?? compilePattern(pattern).test(text));
});
parentPort?.postMessage('ready');
