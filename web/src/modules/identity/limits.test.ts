import { passwordLengthMin as contracted } from '@watchkeeper/contracts/identity';
import { expect, test } from 'vitest';
import { passwordLengthMin } from './limits';

test('the forms ask for the password length that the server asks for', () => {
  expect(passwordLengthMin).toBe(contracted);
});
