import type { SourceSink } from '#modules/sources';
import { forgetObservations, saveObservations } from './observation-store.ts';

/** Keeps what sources read about devices, as observations. Checks judge by them. */
export const deviceSink: SourceSink<'devices'> = {
  reads: 'devices',
  async keep(tx, source, reading, at) {
    const faults = await saveObservations(tx, source, reading, at);
    return faults.map(({ item, error }) => ({ name: item.name, error }));
  },
  forget: forgetObservations,
};
