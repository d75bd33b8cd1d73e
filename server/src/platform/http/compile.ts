import { isInstant } from '@watchkeeper/contracts/instant';
import { Ajv, type Options as AjvOptions, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import fastJsonStringify from 'fast-json-stringify';
import type { FastifySchema, FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';

const ajvOptions = {
  allErrors: true,
  strict: false,
  useDefaults: true,
  removeAdditional: false,
} satisfies AjvOptions;

/**
 * Validators and serializers of routes. Each is compiled when its route is first used: hundreds of schemas
 * compiled at start would hold up every start for the sake of routes that few of them serve.
 */
export function schemaCompilers(): {
  validators: FastifySchemaCompiler<FastifySchema>;
  serializers: FastifySerializerCompiler<FastifySchema>;
} {
  const bodyAjv = new Ajv({ ...ajvOptions, coerceTypes: false });
  // What arrives in URLs and headers is always text.
  const textAjv = new Ajv({ ...ajvOptions, coerceTypes: 'array' });
  for (const ajv of [bodyAjv, textAjv]) {
    addFormats.default(ajv);
    ajv.addFormat('date-time', isInstant);
  }
  return {
    validators: ({ schema, httpPart }) => validator(httpPart === 'body' ? bodyAjv : textAjv, schema),
    serializers: ({ schema }) => {
      let serialize: ((value: unknown) => string) | undefined;
      return (value) => {
        serialize ??= fastJsonStringify(schema);
        return serialize(value);
      };
    },
  };
}

/** Fastify reads the errors off the function it called. */
function validator(ajv: Ajv, schema: FastifySchema) {
  let validate: ValidateFunction | undefined;
  const check = (value: unknown): boolean => {
    validate ??= ajv.compile(schema);
    if (validate(value)) return true;
    check.errors = validate.errors ?? null;
    return false;
  };
  check.errors = null as FastifySchemaValidationError[] | null;
  return check;
}
