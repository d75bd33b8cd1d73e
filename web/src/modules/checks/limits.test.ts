import { checkSettingDefaults } from '@watchkeeper/contracts/checks';
import { expect, test } from 'vitest';
import { settingDefaults } from './limits';

test('the form names the defaults that the server goes by', () => {
  expect(settingDefaults).toEqual(checkSettingDefaults);
});
