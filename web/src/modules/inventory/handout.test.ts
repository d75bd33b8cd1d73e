import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handoutFor } from './handout';

const run = promisify(execFile);
const body = { device_id: 'Bay.4:PC_1', tenant_id: 'acme', store_id: 'dartmouth', status: 'ok' };
const heartbeats: { authorization: string | undefined; body: unknown }[] = [];
const server = createServer(async (request, response) => {
  const text = (await request.toArray()).join('');
  heartbeats.push({ authorization: request.headers.authorization, body: JSON.parse(text) });
  response.writeHead(202).end('{}');
});
let folder: string;
let heartbeat: Parameters<typeof handoutFor>[1];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-handout-'));
  await mkdir(path.join(folder, 'bin'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Safe because a server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/heartbeat`;
  heartbeat = { url, token: 'wkd_abc', device: body.device_id, org: body.tenant_id, site: body.store_id };
  // The test must not change the machine's own crontab: this one keeps its entries in a file.
  await program(
    'crontab',
    'if [ "$1" = -l ]; then cat "$HOME/table"; else cat >"$HOME/table.new"; mv "$HOME/table.new" "$HOME/table"; fi',
  );
  await program('systemctl', 'echo "$@" >>"$HOME/systemctl.log"');
  await program('sudo', 'exec "$@"');
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

async function program(name: string, script: string): Promise<void> {
  const file = path.join(folder, 'bin', name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}
const inFolder = (script: string) =>
  run('sh', ['-c', script], {
    env: { ...process.env, HOME: folder, PATH: `${path.join(folder, 'bin')}:${process.env.PATH}` },
  });
const received = { authorization: 'Bearer wkd_abc', body };

describe('the set-up that the console gives for a device', () => {
  test('with cron sends a heartbeat now, and adds one line that sends one each minute, however often it is pasted', async () => {
    heartbeats.length = 0;
    await writeFile(path.join(folder, 'table'), '0 3 * * * backup\n');
    await inFolder(handoutFor('cron', heartbeat));
    await inFolder(handoutFor('cron', heartbeat));
    expect(heartbeats).toEqual([received, received]);
    const lines = (await readFile(path.join(folder, 'table'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe('0 3 * * * backup');
    const command = /^\* \* \* \* \* ([^%]+)$/.exec(lines[1] ?? '')?.[1] ?? '';
    await inFolder(command);
    expect(heartbeats).toHaveLength(3);
  });

  test('with systemd installs a timer that systemd accepts, and a service that sends', async () => {
    heartbeats.length = 0;
    const etc = path.join(folder, 'etc');
    await mkdir(path.join(etc, 'systemd/system'), { recursive: true });
    await inFolder(handoutFor('systemd', heartbeat).replaceAll('/etc/', `${etc}/`));
    const log = await readFile(path.join(folder, 'systemctl.log'), 'utf8');
    expect(log).toContain('enable watchkeeper-Bay.4_PC_1.timer');
    const units = path.join(etc, 'systemd/system/watchkeeper-Bay.4_PC_1');
    const service = await readFile(`${units}.service`, 'utf8');
    await inFolder(/^ExecStart=(.*)$/m.exec(service)?.[1] ?? 'false');
    expect(heartbeats).toEqual([received]);
    const timer = await readFile(`${units}.timer`, 'utf8');
    expect(timer).toMatch(/^OnBootSec=5$/m);
    expect(timer).toMatch(/^OnUnitActiveSec=30$/m);
    // Where systemd is installed, it checks the units itself.
    if (existsSync('/usr/bin/systemd-analyze')) {
      const { stderr } = await run('systemd-analyze', ['verify', `${units}.service`, `${units}.timer`]);
      expect(stderr).not.toContain('watchkeeper-Bay.4_PC_1');
    }
  });

  test('for Windows is one block of ASCII, and no value can break out of its script', () => {
    const script = handoutFor('windows', { ...heartbeat, url: 'https://wächter.example/heartbeat' });
    expect(script).toMatch(/^[\x20-\x7e\n]+$/);
    const inner = /-Value @'\n([\s\S]*?)\n'@\n/.exec(script)?.[1] ?? '';
    expect(inner).not.toMatch(/^'@/m);
    expect(inner).toContain(`$body = '${JSON.stringify(body)}'`);
    expect(inner).toContain("-Uri 'https://xn--wchter-bua.example/heartbeat'");
    // Every line has complete strings and brackets, so nothing waits for more input when it is pasted.
    for (const part of [inner, script.replace(inner, '')]) {
      const bare = part.replace("@'\n\n'@", '').replaceAll(/'(?:[^']|'')*'/g, '');
      expect(bare).not.toContain("'");
      for (const [open, close] of ['{}', '()', '[]'])
        expect(bare.split(open ?? '').length, `${open}${close}`).toBe(bare.split(close ?? '').length);
    }
    expect(script).toContain(`TaskName 'Watchkeeper Bay.4_PC_1'`);
  });
});
