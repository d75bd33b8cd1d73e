import * as contracts from '@watchkeeper/contracts/alerting';
import { expect, test } from 'vitest';
import { bulkAlertsMax, reasonLengthMax, searchLengthMax, viewNameLengthMax } from './limits';

test('the limits are those of the contracts', () => {
  expect(bulkAlertsMax).toBe(contracts.bulkAlertsMax);
  expect(searchLengthMax).toBe(contracts.alertSearchLengthMax);
  expect(viewNameLengthMax).toBe(contracts.viewNameLengthMax);
  expect(reasonLengthMax).toBe(contracts.alertNoteLengthMax);
});
