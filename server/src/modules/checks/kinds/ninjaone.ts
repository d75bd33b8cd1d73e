import { defineObservedKind } from '../sources/observed.ts';

export const ninjaone = defineObservedKind({
  kind: 'ninjaone',
  label: 'Device in NinjaOne',
  help: 'Judges one device by what NinjaOne said of it last. What is older than five minutes is not believed: then the device is unknown, never offline.',
  witness: 'rmm',
  fixture: { source: 'rmm', ref: '4101' },
});
