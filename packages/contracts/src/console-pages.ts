/** How the addresses of the console begin, by their first part. Any other address is a program's, and a miss there is 404. */
export const consolePages: readonly string[] = ['', 'alerts', 'o', 'set-password', 'setup', 'sign-in'];

/** Whether a path (decoded or not, without a query) may be one of the console's pages. */
export function isConsolePage(path: string): boolean {
  const first = path.split('/', 2)[1] ?? '';
  return first === '' ? path === '/' : consolePages.includes(first);
}
