import { expect, test } from 'vitest';
import { registriesIn, registryFaults } from './kinds.ts';

const made = `
export const checkKinds = createRegistry<CheckKind>('check', kinds);
export const deskKinds: Registry<DeskKind> = createRegistry('desk', kinds);`;

test('the check finds every registry', () => {
  expect(registriesIn(made)).toEqual(['checkKinds', 'deskKinds']);
  expect(registriesIn('keep(createRegistry(all))')).toEqual(['a registry without a name']);
  expect(registriesIn('export function createRegistry<K extends Kind>(name: string)')).toEqual([]);
});

test('a registry without a contract test is a fault', () => {
  const tests = ['contractOf(checkKinds, folder);', "test('of deskKinds', () => {});"];
  expect(registryFaults(registriesIn(made), tests)).toEqual([
    '"deskKinds" stands under no contract test; call contractOf(deskKinds, folder) in the test beside it',
  ]);
  expect(registryFaults(['checkKinds'], ['// contractOf(checkKinds, folder)'])).toHaveLength(1);
});
