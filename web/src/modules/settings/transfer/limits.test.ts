import { manifestBytesMax } from '@watchkeeper/contracts/manifest';
import { expect, test } from 'vitest';
import { fileMegabytesMax } from './limits';

test("the page accepts files up to the server's limit", () => {
  expect(fileMegabytesMax * 1_048_576).toBe(manifestBytesMax);
});
