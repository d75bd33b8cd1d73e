import { execFile } from 'node:child_process';
import { cutText } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { resolve } from '#platform/exchange/open-socket';
import { failed, ok, type ProbeDeps, unable } from '#platform/exchange/probe';
import { hostField } from '#platform/kinds/fields';
import { defineCheckKind } from '../kind.ts';

/** Node.js cannot open ICMP sockets. The system's ping program can, without being root. */
const program = 'ping';
const outputBytesMax = 16_384;

export const icmp = defineCheckKind({
  kind: 'icmp',
  label: 'Ping (ICMP)',
  help: "Sends one echo request with the system's ping program to the address of the name. Without that program, the check is unknown, not down.",
  schema: Type.Object({ host: hostField }, { additionalProperties: false }),
  secrets: [],
  fixture: { host: 'gateway.example.com' },
  target: (config) => config.host.toLowerCase(),
  hosts: (config) => [{ field: 'host', host: config.host, port: 1 }],
  async run(config, deps) {
    // ICMP has no ports, but the outbound guard needs one.
    const host = await resolve(deps, config.host, 1);
    const [first] = host.addresses;
    if (first === undefined) return failed('The name has no address.');
    const args = pingArgs(first, deps.timeoutMs);
    let result = await runPing(['-n', ...args], deps);
    // busybox has no option to switch off name lookups, and needs none: it never looks names up.
    if (isUsage(result)) result = await runPing(args, deps);
    deps.signal.throwIfAborted();
    const { code, output } = result;
    for (const line of output.split('\n').slice(0, 10)) if (line.trim() !== '') deps.log(line);
    if (code === 'ENOENT')
      return unable(
        `This server has no "${program}" program: install iputils-ping, or check the host over TCP.`,
      );
    const details = { address: first.address, program };
    if (code === 0) {
      const ms = /[=<]\s*(\d+(?:[.,]\d+)?)\s*ms/.exec(output)?.[1]?.replace(',', '.');
      if (ms === undefined) return ok(`${first.address} answered.`, details);
      deps.time('first_byte_ms', Number(ms));
      return ok(`${first.address} answered in ${ms} ms.`, details);
    }
    if (/permitted|permission|lacking privilege|are you root/i.test(output))
      return unable(`"${program}" may not send ICMP here: ${lastLine(output)}`);
    if (isUsage(result))
      return unable(`"${program}" of this server does not take our options: ${lastLine(output)}`);
    return failed(`${first.address} did not answer.`, details);
  },
});

function pingArgs({ address, family }: { address: string; family: number }, timeoutMs: number): string[] {
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1_000));
  return ['-c', '1', '-W', String(seconds), ...(family === 6 ? ['-6'] : []), address];
}

interface Pinged {
  readonly code: number | string;
  readonly output: string;
}

function isUsage({ code, output }: Pinged): boolean {
  return code !== 0 && /usage:|(invalid|unrecognized|illegal) option/i.test(output);
}

/** Always in English, whatever the system's language, because the output is parsed. */
function runPing(args: readonly string[], deps: ProbeDeps): Promise<Pinged> {
  deps.log(`${program} ${args.join(' ')}`);
  return new Promise((done) => {
    execFile(
      program,
      args,
      {
        signal: deps.signal,
        maxBuffer: outputBytesMax,
        killSignal: 'SIGKILL',
        env: { ...process.env, LC_ALL: 'C', LANGUAGE: '' },
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : (error.code ?? 1);
        done({ code, output: `${stdout}\n${stderr}` });
      },
    );
  });
}

function lastLine(output: string): string {
  return cutText(output.trim().split('\n').at(-1) ?? '', 200);
}
