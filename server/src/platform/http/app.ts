import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { Logger } from '../log.ts';
import type { WrongCredentials } from './wrong-credentials.ts';

/** The Fastify instance to which every module adds its routes. Handlers infer their types from TypeBox schemas. */
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
    /** The path of the public address, e.g. `/watch`; empty at the root. */
    publicPath: string;
    wrongCredentials: WrongCredentials;
  }
  interface FastifyRequest {
    /** Where the request came from: the address of the connection, or the one a trusted proxy reports. */
    readonly peer: string;
    /**
     * The caller, for idempotency keys and rate limits: set by identity before handlers run, else the
     * peer's network.
     */
    callerKey: string;
    /** The caller's rights in the organization of the request; null: not looked up. */
    rights: ReadonlySet<string> | null;
  }
  interface FastifySchema {
    /** Who may use the route. Identity defines the words; every route needs one. */
    access?: string;
    /** What `access` becomes in the OpenAPI document. */
    'x-permission'?: string;
  }
  interface FastifyContextConfig {
    /** A POST that creates: honours `Idempotency-Key`. */
    idempotent?: boolean;
    /** Cheap and hot (heartbeats): no per-request log line on success. */
    quiet?: boolean;
    /** Why a route that could write leaves no record in the audit; all others leave one, as `npm run check` proves. */
    unaudited?: string;
  }
}
