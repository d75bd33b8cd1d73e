import type { Messages } from '../index';
import { alerting } from './alerting';
import { channels } from './channels';
import { checks } from './checks';
import { devices } from './devices';
import { entry } from './entry';
import { frame } from './frame';
import { maintenance } from './maintenance';
import { overview } from './overview';
import { places } from './places';
import { rules } from './rules';
import { settings } from './settings';
import { sources } from './sources';
import { system } from './system';
import { vocabulary } from './vocabulary';

export const de: Messages = {
  ...vocabulary,
  ...frame,
  ...entry,
  ...overview,
  ...alerting,
  ...rules,
  ...channels,
  ...places,
  ...devices,
  ...settings,
  check: checks,
  sources,
  maintenance,
  system,
};
