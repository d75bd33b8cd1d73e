import type { RoomWords } from '../shape';
import { channels } from './channels';
import { checks } from './checks';
import { devices } from './devices';
import { maintenance } from './maintenance';
import { rules } from './rules';
import { settings } from './settings';
import { sources } from './sources';
import { system } from './system';

export const rooms: RoomWords = {
  ...rules,
  ...channels,
  ...devices,
  ...settings,
  check: checks,
  sources,
  maintenance,
  system,
};
