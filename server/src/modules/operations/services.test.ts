import { expect, test } from 'vitest';
import { createParts } from '#platform/parts';
import { modules } from '../../app.ts';
import { keepServices } from './services.ts';

const keep = (house: typeof modules) => keepServices({ parts: createParts() }, house);

test('each own service has one module that answers for it', () => {
  expect(() => keep(modules)).not.toThrow();
  expect(() => keep(modules.filter(({ name }) => name !== 'checks'))).toThrow('needs one module');
  const second = { name: 'second', services: modules.flatMap(({ services }) => services ?? []).slice(0, 1) };
  expect(() => keep([...modules, second])).toThrow('needs one module');
});
