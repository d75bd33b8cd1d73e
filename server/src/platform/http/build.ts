/** The libraries that HTTP needs, in one place. Only a process that answers requests loads them. */
export { registerOpenApi } from './openapi.ts';
export { createHttp } from './server.ts';
