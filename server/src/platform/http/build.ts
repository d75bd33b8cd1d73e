/** What builds HTTP, behind one door: loaded only by a process that answers requests. */
export { registerOpenApi } from './openapi.ts';
export { createHttp } from './server.ts';
