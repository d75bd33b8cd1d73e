import type { WorkerRequest } from './leader';

/** By name: who stands in line, the first of them leads. */
const lines = new Map<string, MessagePort[]>();

function serve(port: MessagePort, { kind, name }: WorkerRequest): void {
  const line = lines.get(name) ?? [];
  const [leader] = line;
  const others = line.filter((each) => each !== port);
  const next = kind === 'leave' ? others : kind === 'seize' ? [port, ...others.slice(1)] : [...others, port];
  if (kind === 'stand' && leader === port) next.unshift(...next.splice(-1));
  lines.set(name, next);
  if (next[0] !== leader) next[0]?.postMessage('lead');
}

addEventListener('connect', (event) => {
  // Safe because only a page that connects fires this event, and it brings one port.
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  port.onmessage = ({ data }: MessageEvent<WorkerRequest>) => serve(port, data);
  // A page that crashed says no farewell; browsers that tell of it close its port.
  port.addEventListener('close', () => {
    for (const name of lines.keys()) serve(port, { kind: 'leave', name });
  });
  port.start();
});
