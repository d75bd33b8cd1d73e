import { checkSettingDefaults } from '@watchkeeper/contracts/checks';
import { expect, test } from 'vitest';
import { settingDefaults } from './limits';

test("the form names the server's defaults", () => {
  expect(settingDefaults).toEqual(checkSettingDefaults);
});
