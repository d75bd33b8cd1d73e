// The bare loop with which the checks engine is compared: `node undici-loop.ts <url> <per second> <seconds>
// <fresh|kept>` makes as many requests as the engine, reads each body, and prints the CPU seconds that it took.
import { Agent, request } from 'undici';

const [url = '', perSecond = '100', seconds = '30', connections = 'fresh'] = process.argv.slice(2);
// `fresh`: a new connection for each request, as a monitor does.
const dispatcher = new Agent(connections === 'fresh' ? { pipelining: 0 } : {});
const total = Number(perSecond) * Number(seconds);
const underWay = new Set<Promise<void>>();
let sent = 0;
const usage = process.cpuUsage();
const began = performance.now();
await new Promise<void>((done) => {
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1_000) * Number(perSecond)));
    for (; sent < due; sent += 1) {
      const one: Promise<void> = request(url, { dispatcher }).then(async ({ body }) => {
        await body.text();
        underWay.delete(one);
      });
      underWay.add(one);
    }
    if (sent < total) return;
    clearInterval(timer);
    done();
  }, 5);
});
await Promise.all(underWay);
const { user, system } = process.cpuUsage(usage);
console.log((user + system) / 1e6);
await dispatcher.close();
