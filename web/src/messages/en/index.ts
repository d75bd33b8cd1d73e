import { alerting } from './alerting';
import { entry } from './entry';
import { frame } from './frame';
import { overview } from './overview';
import { places } from './places';
import { vocabulary } from './vocabulary';

/**
 * The catalogue: a language is one folder of this shape. Words are those of the vocabulary; the tone is calm.
 * These are the words of the frame and the pages that people land on; the rooms are loaded with the first of them.
 */
export const en = {
  ...vocabulary,
  ...frame,
  ...entry,
  ...overview,
  ...alerting,
  ...places,
};
