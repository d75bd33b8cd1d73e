import { execFile } from 'node:child_process';
import Type from 'typebox';
import { hostField } from '../fields.ts';
import { defineCheckKind, failed, ok, unable } from '../kind.ts';
import { resolve } from '../open-socket.ts';

/** Node.js opens no ICMP sockets, so the ping program of the system asks; it knows how to without being root. */
const program = 'ping';
const outputBytesMax = 16_384;

export const icmp = defineCheckKind({
  kind: 'icmp',
  label: 'Ping (ICMP)',
  help: "Sends one echo request with the system's ping program to the address the name leads to. Without that program the check is unknown, not down.",
  schema: Type.Object({ host: hostField }, { additionalProperties: false }),
  secrets: [],
  fixture: { host: 'gateway.example.com' },
  target: (config) => config.host.toLowerCase(),
  hosts: (config) => [{ field: 'host', host: config.host, port: 1 }],
  async run(config, deps) {
    // ICMP has no ports; the guard wants one.
    const host = await resolve(deps, config.host, 1);
    const [first] = host.addresses;
    if (first === undefined) return failed('The name has no address.');
    const seconds = Math.max(1, Math.ceil(deps.timeoutMs / 1_000));
    const args = [
      '-n',
      '-c',
      '1',
      '-W',
      String(seconds),
      ...(first.family === 6 ? ['-6'] : []),
      first.address,
    ];
    deps.log(`${program} ${args.join(' ')}`);
    const { code, output } = await runPing(args, deps.signal);
    deps.signal.throwIfAborted();
    for (const line of output.split('\n').slice(0, 10)) if (line.trim() !== '') deps.log(line);
    if (code === 'ENOENT')
      return unable(
        `This server has no "${program}" program: install iputils-ping, or check the host over TCP.`,
      );
    const answered = /time[=<]([\d.]+) ?ms/.exec(output)?.[1];
    if (code === 0 && answered !== undefined) {
      deps.time('first_byte_ms', Number(answered));
      return ok(`${first.address} answered in ${answered} ms.`, { address: first.address, program });
    }
    if (/permitted|permission|lacking privilege/i.test(output))
      return unable(`"${program}" may not send ICMP here: ${lastLine(output)}`);
    return failed(`${first.address} did not answer.`, { address: first.address, program });
  },
});

function runPing(
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ code: number | string; output: string }> {
  return new Promise((done) => {
    execFile(
      program,
      args,
      { signal, maxBuffer: outputBytesMax, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : (error.code ?? 1);
        done({ code, output: `${stdout}\n${stderr}` });
      },
    );
  });
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
}
