import { expect, test } from 'vitest';
import type { Module } from '#platform/module';
import { createParts } from '#platform/parts';
import { gatherSinks, type SourceSink, sinkOf } from './sink.ts';

const devices: SourceSink<'devices'> = { reads: 'devices', keep: async () => [], forget: async () => {} };
const taker = (name: string): Module => ({ name, sourceSinks: [devices] });
const other: Module = { name: 'other' };

test('a reading goes to the module that takes it', () => {
  const ctx = { parts: createParts() };
  gatherSinks(ctx, [other, taker('checks')], ['devices']);
  expect(sinkOf(ctx, 'devices')).toBe(devices);
});

test('a server without a module for its readings does not start', () => {
  expect(() => gatherSinks({ parts: createParts() }, [other], ['devices'])).toThrow(
    'No module takes devices',
  );
});

test('a server with two modules for the same readings does not start', () => {
  const house = [taker('checks'), taker('copy')];
  expect(() => gatherSinks({ parts: createParts() }, house, ['devices'])).toThrow('Two modules');
});
