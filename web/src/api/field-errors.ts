import { ApiError } from './problem';

/** The server's own complaints by field, under the names that forms have for them. */
export function serverErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    error.fields.map(({ field, message }) => [
      field
        .replace(/^(body)?[/.]/, '')
        .replaceAll('/', '.')
        .replace(/\.\d+$/, ''),
      message,
    ]),
  );
}

/** Those of the kind's own fields, under the names that the schema form knows. */
export function configErrors(errors: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors)
      .filter(([path]) => path.startsWith('config.'))
      .map(([path, message]) => [path.slice('config.'.length), message]),
  );
}
