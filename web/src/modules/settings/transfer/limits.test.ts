import { manifestBytesMax } from '@watchkeeper/contracts/manifest';
import { expect, test } from 'vitest';
import { fileMegabytesMax } from './limits';

test('the page takes files as large as the server does', () => {
  expect(fileMegabytesMax * 1_048_576).toBe(manifestBytesMax);
});
