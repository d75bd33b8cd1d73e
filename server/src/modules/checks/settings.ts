import { checkSettingDefaults } from '@watchkeeper/contracts/checks';

/** Where neither the check nor its device's type says otherwise. */
export const settingDefaults = checkSettingDefaults;

export const intervalSecondsMin = 1;
export const intervalSecondsMax = 604_800;
export const timeoutSecondsMin = 0.05;
export const timeoutSecondsMax = 300;
