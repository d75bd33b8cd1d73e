import { checkSettingDefaults } from '@watchkeeper/contracts/checks';

/** Used when neither the check nor its device's type sets a value. */
export const settingDefaults = checkSettingDefaults;

export const intervalSecondsMin = 1;
export const intervalSecondsMax = 604_800;
export const timeoutSecondsMin = 0.05;
export const timeoutSecondsMax = 300;
