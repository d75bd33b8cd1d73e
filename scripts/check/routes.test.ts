import { expect, test } from 'vitest';
import type { Module } from '#platform/module';
import { definePart } from '#platform/parts';
import { auditFaults, declaredRoutes, permissionFaults } from './routes.ts';

/** A module whose routes have every possible fault. */
const careless: Module = {
  name: 'careless',
  http: async () => ({
    routes: (app) => {
      app.get('/fine', { schema: { access: 'public' } }, async () => 'fine');
      app.get('/silent', async () => 'who asks?');
      app.post('/mistyped', { schema: { access: 'raed' } }, async () => 'whom?');
      app.put('/blank', { schema: { access: 'read' }, config: { unaudited: ' ' } }, async () => 'why?');
      app.delete(
        '/told',
        { schema: { access: 'read' }, config: { unaudited: 'nothing goes' } },
        async () => '',
      );
    },
  }),
};

test('a route without schema.access, or with an unknown word there, is a fault', async () => {
  const faults = permissionFaults(await declaredRoutes([careless]));
  expect(faults.map((fault) => fault.replace(/;.*/, ''))).toEqual([
    'GET /silent: schema.access says nothing',
    'HEAD /silent: schema.access says nothing',
    'POST /mistyped: schema.access says raed',
  ]);
});

test('a route that could write and never reaches the audit is a fault, unless it says why', async () => {
  const routes = await declaredRoutes([careless]);
  expect(auditFaults(routes, () => false).map((fault) => fault.replace(/;.*/, ''))).toEqual([
    'POST /mistyped: its handler never reaches audit()',
    'PUT /blank: its handler never reaches audit()',
  ]);
});

test('a route that says it is not audited, but is, is also a fault', async () => {
  const routes = await declaredRoutes([careless]);
  expect(auditFaults(routes, ({ url }) => url === '/mistyped' || url === '/told')).toEqual([
    'PUT /blank: its handler never reaches audit(); record the write, or say why not in config.unaudited',
    'DELETE /told: it says that it is not audited ("nothing goes"), but it is; take that out',
  ]);
});

test('a module that fills a registry while its routes are added is refused', async () => {
  const late: Module = {
    name: 'late',
    http: async () => ({ routes: (_app, ctx) => void ctx.parts.put(definePart<string>('late'), 'filled') }),
  };
  await expect(declaredRoutes([late])).rejects.toThrow('put it in the start of the module');
});
