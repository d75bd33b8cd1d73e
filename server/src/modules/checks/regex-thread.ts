import { parentPort } from 'node:worker_threads';
import { compilePattern } from './regex-syntax.ts';

/** One pattern on one text at a time. Whoever asked counts the time, and ends this thread when it is up. */
parentPort?.on('message', ({ pattern, text }: { pattern: string; text: string }) => {
  parentPort?.postMessage(compilePattern(pattern).test(text));
});
parentPort?.postMessage('ready');
