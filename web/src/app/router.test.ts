import { QueryClient } from '@tanstack/react-query';
import { consolePages } from '@watchkeeper/contracts/console-pages';
import { expect, test, vi } from 'vitest';

test('every address of the console begins as the server expects, or it would answer 404 for the page', async () => {
  // The client of the API asks where it is at once.
  vi.stubGlobal('location', new URL('http://console.invalid'));
  const { createConsoleRouter } = await import('./router');
  const router = createConsoleRouter({ queryClient: new QueryClient() });
  const beginnings = Object.keys(router.routesByPath).map((path) => path.split('/', 2)[1] ?? '');
  // The gallery is in development builds only.
  expect([...new Set(beginnings)].filter((part) => part !== 'ui').sort()).toEqual([...consolePages].sort());
});
