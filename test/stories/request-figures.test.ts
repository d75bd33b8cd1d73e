import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchRequests as watchExpress } from '../../packages/agent/src/requests/express.ts';
import { watchRequests as watchFastify } from '../../packages/agent/src/requests/fastify.ts';
import { bootstrapKey, type TestApp, testApp } from '../support/app.ts';
import { waitFor } from '../support/wait-for.ts';

/** The agent's middleware watches a shop's own servers; the test reads their figures from Watchkeeper. */

let house: TestApp;
const complaints: string[] = [];

beforeAll(async () => {
  house = await testApp({ listen: true });
});
afterAll(async () => {
  await house.close();
});

const optionsFor = (source: string) => ({
  url: house.url,
  apiKey: bootstrapKey,
  tenant: 'default',
  source,
  log: (message: string) => complaints.push(message),
});

type Figures = Record<string, number>;

/** By route, then by name. */
async function figuresOf(source: string): Promise<Record<string, Figures>> {
  const byRoute: Record<string, Figures> = {};
  const answer = await house.call('GET', `/api/v1/default/metrics?source=${source}&limit=500`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  for (const { endpoint, metric_name, value } of answer.body.data) {
    byRoute[endpoint] ??= {};
    byRoute[endpoint][metric_name] = value;
  }
  return byRoute;
}

async function listen(handler: http.RequestListener): Promise<{ url: string; server: http.Server }> {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Safe because a server that listens on TCP has such an address.
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Sends a request, and disconnects as soon as the server works on it. */
async function leave(url: string, begun: () => boolean): Promise<void> {
  const request = http.get(url);
  const ended = once(request, 'error');
  await waitFor('the request to arrive', begun);
  request.destroy(new Error('left'));
  await ended;
}

function shop(state: { waiting: number; left: number }) {
  const bays = express.Router({ mergeParams: true });
  bays.get('/:bay', (request, response) => response.send(`bay ${request.params.bay}`));
  const shops = express.Router();
  shops.get('/', (_request, response) => response.send('a shop'));
  shops.get('/broken', () => {
    throw new Error('thrown');
  });
  shops.use('/bays', bays);

  const app = express();
  const watch = watchExpress(optionsFor('shop-express'));
  app.use(watch);
  app.get('/', (_request, response) => response.send('home'));
  app.get('/orders/:id', async (request, response) => {
    if (request.params.id === '13') throw new Error('rejected');
    if (request.params.id === '14') return response.status(409).send('taken');
    return response.send('an order');
  });
  app.post('/orders/:id', (_request, response) => response.status(201).send('made'));
  app.get('/slow/:id', (_request, response) => {
    state.waiting += 1;
    response.once('close', () => {
      state.left += 1;
    });
  });
  app.get('/half/:id', (_request, response) => {
    response.write('the first half');
    response.destroy();
  });
  app.get(['/old/:id', '/older/:id'], (_request, response) => response.send('old'));
  app.get(/^\/v(\d+)\/status$/, (_request, response) => response.send('fine'));
  // This mount stands before the shop's and passes every request on.
  app.use('/shops/:any', (_request, _response, next) => next());
  app.use(
    '/shops/special',
    express.Router().get('/offer', (_request, response) => response.send('an offer')),
  );
  app.use('/shops/:shop', shops);
  const admin = express();
  admin.get('/users/:user', (_request, response) => response.send('a user'));
  app.use('/tenants/:tenant', admin);
  app.use((_error, _request, response, _next) => response.status(503).send('sorry'));
  return { app, watch };
}

test('an Express app reports by route pattern, wherever a route is mounted and however a request ends', async () => {
  const state = { waiting: 0, left: 0 };
  const { app, watch } = shop(state);
  const { server, url } = await listen(app);
  const get = async (path: string, method = 'GET') => {
    const answer = await fetch(`${url}${path}`, { method });
    await answer.text();
    return answer.status;
  };
  for (let id = 10; id < 20; id += 1) await get(`/orders/${id}`);
  expect(await get('/orders/7', 'POST')).toBe(201);
  expect(await get('/?page=2')).toBe(200);
  for (const path of ['/shops/anna/', '/shops/bert', '/SHOPS/42']) expect(await get(path)).toBe(200);
  for (const path of ['/shops/anna/bays/4', '/shops/b%C3%A4r/bays/9']) expect(await get(path)).toBe(200);
  expect(await get('/shops/special/offer')).toBe(200);
  expect(await get('/shops/anna/broken')).toBe(503);
  for (const path of ['/tenants/t-1/users/5', '/tenants/t-2/users/6']) expect(await get(path)).toBe(200);
  for (const path of ['/old/1', '/older/2', '/v3/status']) expect(await get(path)).toBe(200);
  for (let id = 0; id < 5; id += 1) expect(await get(`/nowhere/${id}`)).toBe(404);
  expect(await get('/shops/anna/nowhere/5')).toBe(404);
  await leave(`${url}/slow/1`, () => state.waiting === 1);
  await waitFor('the server to notice', () => state.left === 1);
  await expect(get('/half/1')).rejects.toThrow();

  server.close();
  server.closeAllConnections();
  await watch.stop();
  expect(complaints).toEqual([]);
  const figures = await figuresOf('shop-express');
  expect(Object.keys(figures).sort()).toEqual([
    'GET /',
    'GET /^\\/v(\\d+)\\/status$/',
    'GET /half/:id',
    'GET /old/:id|/older/:id',
    'GET /orders/:id',
    'GET /shops/:shop',
    'GET /shops/:shop/bays/:bay',
    'GET /shops/:shop/broken',
    'GET /shops/special/offer',
    'GET /slow/:id',
    'GET /tenants/:tenant/users/:user',
    'GET unmatched',
    'POST /orders/:id',
  ]);
  expect(figures['GET /orders/:id']).toMatchObject({ client_errors: 10, server_errors: 10 });
  expect(figures['POST /orders/:id']).toMatchObject({ client_errors: 0, server_errors: 0 });
  expect(figures['GET /shops/:shop/broken']).toMatchObject({ client_errors: 0, server_errors: 100 });
  expect(figures['GET unmatched']).toMatchObject({ client_errors: 100, server_errors: 0 });
  expect(figures['GET /slow/:id']).toMatchObject({ client_errors: 100, server_errors: 0 });
  expect(figures['GET /half/:id']).toMatchObject({ client_errors: 0, server_errors: 100 });
  const orders = figures['GET /orders/:id'] ?? {};
  expect(orders.latency_p50).toBeGreaterThan(0);
  expect(orders.latency_p50).toBeLessThanOrEqual(orders.latency_p99 ?? 0);
  expect(orders.latency_p99).toBeLessThanOrEqual(orders.latency_max ?? 0);
  // Ten requests and two requests in the same minute.
  expect((orders.requests ?? 0) / (figures['GET /shops/:shop/bays/:bay']?.requests ?? 0)).toBeCloseTo(5, 1);
});

test('a Fastify app reports by route pattern, also for clients that disconnect', async () => {
  const state = { waiting: 0, left: 0 };
  const app = Fastify();
  await app.register(watchFastify, optionsFor('shop-fastify'));
  app.get('/orders/:id', async (request, reply) => {
    // Safe because the route has this parameter.
    const { id } = request.params as { id: string };
    if (id === '3') throw new Error('rejected');
    return await reply.send('an order');
  });
  await app.register(
    async (bays) => {
      bays.get('/bays/:bay', async () => 'a bay');
    },
    { prefix: '/shops/:shop' },
  );
  app.get('/slow/:id', (_request, reply) => {
    state.waiting += 1;
    reply.raw.once('close', () => {
      state.left += 1;
    });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  for (let id = 0; id < 4; id += 1) await (await fetch(`${url}/orders/${id}`)).text();
  for (const path of ['/shops/anna/bays/1', '/shops/bert/bays/2', '/nowhere/1', '/nowhere/2'])
    await (await fetch(`${url}${path}`)).text();
  await leave(`${url}/slow/1`, () => state.waiting === 1);
  await waitFor('the server to notice', () => state.left === 1);
  await app.close();

  expect(complaints).toEqual([]);
  expect(await figuresOf('shop-fastify')).toMatchObject({
    'GET /orders/:id': { client_errors: 0, server_errors: 25 },
    'GET /shops/:shop/bays/:bay': { client_errors: 0, server_errors: 0 },
    'GET /slow/:id': { client_errors: 100, server_errors: 0 },
    'GET unmatched': { client_errors: 100, server_errors: 0 },
  });
  expect(Object.keys(await figuresOf('shop-fastify'))).toHaveLength(4);
});

test('figures for a site that does not exist are refused, and the log says so', async () => {
  const said: string[] = [];
  const watch = watchExpress({
    ...optionsFor('shop-refused'),
    site: 'no-such-site',
    log: (message) => said.push(message),
  });
  const app = express();
  app.use(watch);
  app.get('/', (_request, response) => response.send('home'));
  const { server, url } = await listen(app);
  await (await fetch(url)).text();
  await watch.stop();
  server.close();
  server.closeAllConnections();
  expect(said).toEqual([expect.stringMatching(/^request figures were refused: 7 of them: .*no-such-site/)]);
});
