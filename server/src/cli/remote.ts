import { type Command, Option } from 'commander';
import { CliError, exitCodes } from './exit.ts';

const timeoutMs = 30_000;

export interface RemoteOptions {
  url: string;
  key?: string;
  org: string;
}

/** Adds the options of a command that calls a running server with an API key. */
export function withServer(command: Command): Command {
  return command
    .addOption(
      new Option('--url <url>', 'the server')
        .env('WATCHKEEPER_URL')
        .default(`http://localhost:${process.env.PORT ?? 4000}`),
    )
    .addOption(new Option('--key <key>', 'an API key (wk_...)').env('WATCHKEEPER_API_KEY'))
    .addOption(
      new Option('--org <slug>', 'the organization')
        .env('WATCHKEEPER_ORG')
        .default(process.env.BOOTSTRAP_ORG ?? 'default'),
    );
}

/** Calls the API and returns its JSON. @throws CliError with the text of the problem. */
export async function callServer(
  options: RemoteOptions,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<unknown> {
  const key = token ?? options.key ?? process.env.BOOTSTRAP_API_KEY;
  let response: Response;
  try {
    response = await fetch(new URL(path, options.url), {
      method,
      headers: {
        accept: 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CliError(
      `${options.url} does not answer (${cause}). Is the server running? See --url.`,
      exitCodes.unavailable,
    );
  }
  const text = await response.text();
  const answer = parse(text);
  if (response.ok) return answer;
  throw new CliError(
    problemText(answer, response.status),
    response.status === 401 || response.status === 403 ? exitCodes.refused : exitCodes.failed,
  );
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

function problemText(answer: unknown, status: number): string {
  if (typeof answer !== 'object' || answer === null || !('detail' in answer))
    return `The server answered ${status}.`;
  const errors = 'errors' in answer && Array.isArray(answer.errors) ? answer.errors : [];
  const lines = errors.map(
    (issue: { field?: string; message?: string }) => `  - ${issue.field}: ${issue.message}`,
  );
  return [`${String(answer.detail)} (${status})`, ...lines].join('\n');
}
