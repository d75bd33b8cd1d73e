import { defineObservedKind } from '../sources/observed.ts';

export const unifiAccess = defineObservedKind({
  kind: 'unifi_access',
  label: 'Door or hub in UniFi Access',
  help: 'Judges one door, or the hub it hangs on, by what UniFi Access said of it last. What is older than five minutes is not believed: then it is unknown, never offline.',
  witness: 'access',
  fixture: { source: 'doors', ref: '5785e97b-0000-4000-8000-00000000aaaa' },
});
