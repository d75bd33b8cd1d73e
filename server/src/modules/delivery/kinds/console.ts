import Type from 'typebox';
import { defineChannelKind } from '../kind.ts';

/** The ledger row is the message: open screens hear of it over the live stream, in the same transaction. */
export const inProduct = defineChannelKind({
  kind: 'console',
  label: 'Console',
  help: 'Tells everybody who has the console open.',
  schema: Type.Object({}, { additionalProperties: false }),
  secrets: [],
  urls: [],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: false, buttons: false, unsubscribe: false },
  fixture: {},
  recipients: () => [{ label: 'console', identity: 'console' }],
  target: () => 'console',
  send: async () => ({ outcome: 'sent', detail: 'Shown in the console.' }),
});
