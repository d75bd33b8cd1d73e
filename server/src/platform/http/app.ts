import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { Logger } from '../log.ts';

/** The Fastify instance every module's routes hang on; handlers infer their types from TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  Logger,
  TypeBoxTypeProvider
>;

export type Request = FastifyRequest;

declare module 'fastify' {
  interface FastifyInstance {
    /** The path below which the public address puts us, e.g. `/watch`; empty at the root. */
    publicPath: string;
  }
  interface FastifyRequest {
    /** Who calls, for idempotency keys and rate limits: set by identity before handlers run, else the peer's address. */
    callerKey: string;
  }
  interface FastifyContextConfig {
    /** A POST that creates: honours `Idempotency-Key`. */
    idempotent?: boolean;
    /** Cheap and hot (heartbeats): no per-request log line on success. */
    quiet?: boolean;
  }
}
