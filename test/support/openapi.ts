import type { TestApp } from './app.ts';

export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  format?: string;
  additionalProperties?: boolean | Schema;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  schema?: Schema;
}

export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  path: string;
  operationId: string;
  parameters: Parameter[];
  body: Schema | undefined;
}

const methods = ['get', 'post', 'put', 'delete', 'patch'] as const;

/** Every operation of the app's own OpenAPI document. */
export function operationsOf(app: TestApp): Operation[] {
  // Safe because the document is our own and the linter checks its shape.
  const document = app.http.swagger() as unknown as { paths: Record<string, Record<string, RawOperation>> };
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const raw = item[method];
      if (raw === undefined) return [];
      return [
        {
          method: method.toUpperCase() as Operation['method'],
          path,
          operationId: raw.operationId ?? `${method} ${path}`,
          parameters: raw.parameters ?? [],
          body: raw.requestBody?.content?.['application/json']?.schema,
        },
      ];
    }),
  );
}

interface RawOperation {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
}

/** `/api/v1/{org}/sites/{site}` with the given values. */
export function fillPath(path: string, value: (name: string) => string): string {
  return path.replaceAll(/\{([^}]+)\}/g, (_match, name: string) => encodeURIComponent(value(name)));
}
