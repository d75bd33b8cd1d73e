import type { Words } from '../shape';
import { alerting } from './alerting';
import { entry } from './entry';
import { frame } from './frame';
import { overview } from './overview';
import { places } from './places';
import { vocabulary } from './vocabulary';

export const de: Words = {
  ...vocabulary,
  ...frame,
  ...entry,
  ...overview,
  ...alerting,
  ...places,
};
