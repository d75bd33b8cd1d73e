import { defineObservedKind } from '../sources/observed.ts';

export const unifiNetwork = defineObservedKind({
  kind: 'unifi_network',
  label: 'Client or device in UniFi Network',
  help: 'Judges one device by whether the network sees it connected. What is older than five minutes is not believed: then it is unknown, never offline.',
  witness: 'network',
  fixture: { source: 'network', ref: '2f0b7a10-0000-4000-8000-000000000007' },
});
