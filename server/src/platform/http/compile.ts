import { isInstant } from '@watchkeeper/contracts/instant';
import { Ajv, type Options as AjvOptions, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import fastJsonStringify from 'fast-json-stringify';
import type { FastifySchema, FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';

/** Validation stops at the first error, so that a large invalid body does not block the process. */
const ajvOptions = {
  allErrors: false,
  strict: false,
  useDefaults: true,
  removeAdditional: false,
} satisfies AjvOptions;

/** One compiler for each way of reading, shared by all servers: a known schema is not compiled again. */
const body = ajvPair({ coerceTypes: false });
/** What arrives in URLs and headers is always text. */
const text = ajvPair({ coerceTypes: 'array' });
const serializers = new WeakMap<object, Serialize>();

type Serialize = (value: unknown) => string;

/**
 * Validators and serializers of routes. Each is compiled when its route is first used. Compiling hundreds
 * of schemas would delay every start, and most processes use few routes.
 */
export function schemaCompilers(): {
  validators: FastifySchemaCompiler<FastifySchema>;
  serializers: FastifySerializerCompiler<FastifySchema>;
} {
  return {
    validators: ({ schema, httpPart }) => validator(httpPart === 'body' ? body : text, schema),
    serializers: ({ schema }) => {
      let serialize: Serialize | undefined;
      return (value) => {
        serialize ??= serializerOf(schema);
        return serialize(value);
      };
    },
  };
}

function serializerOf(schema: object): Serialize {
  let serialize = serializers.get(schema);
  if (serialize === undefined) {
    serialize = fastJsonStringify(schema);
    serializers.set(schema, serialize);
  }
  return serialize;
}

interface AjvPair {
  readonly first: Ajv;
  /** Lists all mistakes, for values that are small enough to be checked as a whole. */
  readonly all: Ajv;
}

function ajvPair(options: AjvOptions): AjvPair {
  const pair = {
    first: new Ajv({ ...ajvOptions, ...options }),
    all: new Ajv({ ...ajvOptions, ...options, allErrors: true }),
  };
  for (const ajv of [pair.first, pair.all]) {
    addFormats.default(ajv);
    ajv.addFormat('date-time', isInstant);
  }
  return pair;
}

/** Fastify reads the errors from the function that it called. */
function validator(ajv: AjvPair, schema: FastifySchema) {
  let first: ValidateFunction | undefined;
  let all: ValidateFunction | undefined;
  const check = (value: unknown): boolean => {
    first ??= ajv.first.compile(schema);
    if (first(value)) return true;
    check.errors = first.errors ?? null;
    if (!isSmall(value)) return false;
    all ??= ajv.all.compile(schema);
    if (!all(value)) check.errors = all.errors ?? check.errors;
    return false;
  };
  check.errors = null as FastifySchemaValidationError[] | null;
  return check;
}

/** The most nodes of a value whose mistakes are all listed. */
const smallNodesMax = 1_000;
const smallTextMax = 32_768;

/** Stops counting when the limit is exceeded. */
function isSmall(value: unknown): boolean {
  const rest: unknown[] = [value];
  let nodes = 0;
  let text = 0;
  for (let part = rest.pop(); rest.length > 0 || part !== undefined; part = rest.pop()) {
    nodes += 1;
    if (typeof part === 'string') text += part.length;
    else if (typeof part === 'object' && part !== null) {
      for (const key in part) {
        text += key.length;
        // Safe because `key` was just read off it.
        rest.push((part as Record<string, unknown>)[key]);
        if (nodes + rest.length > smallNodesMax) return false;
      }
    }
    if (nodes > smallNodesMax || text > smallTextMax) return false;
  }
  return true;
}
