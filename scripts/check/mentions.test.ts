import { expect, test } from 'vitest';
import { codeOf, reaches } from './mentions.ts';

const resolve = (target: string) => target.replace('./', '');
const file = (name: string, source: string) => [name, codeOf(source, name, resolve)] as const;

const code = new Map([
  file(
    'routes.ts',
    `import { createSite, type Site } from './door.ts';
import { forgetSite } from './forget-site.ts';
/** Not audit itself. */
const later = async () => { const { renameSite: rename } = await import('./rename-site.ts'); return rename; };`,
  ),
  file('door.ts', `export { makeSite as createSite } from './make-site.ts';`),
  file(
    'make-site.ts',
    `import { audit } from './audit.ts';
export async function makeSite(): Promise<void> { await within(() => record); }
function within(work: () => unknown) { return work(); }
const record = () => audit('site.created');`,
  ),
  file('forget-site.ts', `export function forgetSite() { scope.audit('audit'); } // audit\n// audit`),
  file('rename-site.ts', `import { audit } from './audit.ts';\nexport const renameSite = () => audit('x');`),
  file('audit.ts', 'export function audit(action: string) {}'),
]);
const audited = (text: string) => reaches(code, { file: 'routes.ts', text }, 'audit.ts#audit');

test('a handler reaches the functions that it names, through doors, aliases and late imports', () => {
  expect(audited('async () => await createSite(ctx)')).toBe(true);
  expect(audited('() => later()')).toBe(true);
});

test('properties, strings and names that were not imported are not followed', () => {
  expect(audited('() => forgetSite()')).toBe(false);
  expect(audited("() => audit('createSite')")).toBe(false);
  expect(audited('() => ctx.createSite()')).toBe(false);
});
