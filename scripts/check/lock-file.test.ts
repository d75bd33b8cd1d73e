import { expect, test } from 'vitest';
import { faultsOfLock, mayShip } from './lock-file.ts';

test('a licence may be shipped when one of its alternatives is completely on the list', () => {
  for (const licence of ['MIT', '(MIT OR GPL-3.0-only)', '(MIT AND Zlib)', 'MIT OR Apache-2.0'])
    expect(mayShip(licence), licence).toBe(true);
  for (const licence of ['GPL-3.0-only', 'MIT AND AGPL-3.0-only', 'SEE LICENSE IN LICENSE', 'UNLICENSED', ''])
    expect(mayShip(licence), licence).toBe(false);
});

test('a package without a checksum, from another source or without a licence is named with its place', () => {
  const good = { integrity: 'sha512-abc', license: 'MIT' };
  expect(
    faultsOfLock({
      '': {},
      server: { license: 'Apache-2.0' },
      'node_modules/@watchkeeper/contracts': { resolved: 'packages/contracts', link: true },
      'node_modules/good': good,
    }),
  ).toEqual([]);
  expect(
    faultsOfLock({
      'node_modules/old': { ...good, integrity: 'sha1-abc' },
      'node_modules/far': { ...good, resolved: 'git+ssh://git@host/far.git' },
      'node_modules/none': { integrity: 'sha512-abc' },
      'node_modules/a/node_modules/copyleft': { ...good, license: 'AGPL-3.0-only' },
    }),
  ).toEqual([
    expect.stringMatching(/node_modules\/old has no SHA-512 checksum/),
    expect.stringMatching(/node_modules\/far comes from "git\+ssh:/),
    expect.stringMatching(/node_modules\/none names no licence/),
    expect.stringMatching(/node_modules\/copyleft is under AGPL-3\.0-only/),
  ]);
});
