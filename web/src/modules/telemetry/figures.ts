import { t } from '../../messages';
import { gapFigure } from './series';

export interface Figure {
  label: string;
  unit: string;
}

/** The name and unit of a figure; a fleet's own numbers keep the names they came under. */
export function figureOf(name: string): Figure {
  if (name === gapFigure) return { label: t.device.gap, unit: 's' };
  return t.metric[name] ?? { label: name, unit: '' };
}
