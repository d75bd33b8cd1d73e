import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MutationObserver } from '@tanstack/react-query';
import { createClient } from '@watchkeeper/client';
import { describe, expect, test } from 'vitest';
import { changeOf, type Meanwhile, showMeanwhile } from './meanwhile';
import { ApiError, answered } from './problem';
import { createQueryClient } from './query-client';
import { writes } from './writes.fixture';

/** All sources of the modules as text, by their path in `modules`. */
const found: Record<string, string> = import.meta.glob(
  ['../modules/**/*.{ts,tsx}', '../app/**/*.{ts,tsx}', '../ui/**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}'],
  { eager: true, query: '?raw', import: 'default' },
);
const sources = Object.entries(found).map(([path, text]) => [path.replace('../modules/', ''), text] as const);
const sourceOf = (file: string): string => sources.find(([path]) => path === file)?.[1] ?? '';

interface Call {
  file: string;
  call: string;
  /** The code before it. */
  before: string;
}

const cases = Object.entries(writes).flatMap(([file, byCall]) =>
  Object.entries(byCall).map(([call, places]) => ({ file, call, places })),
);

const writeCall = /\bapi\.(POST|PUT|PATCH|DELETE)\(\s*'([^']+)'/g;

function callsIn(file: string, text: string): Call[] {
  return [...text.matchAll(writeCall)].map(({ 1: method, 2: path, index }) => ({
    file,
    call: `${method} ${path}`,
    before: text.slice(0, index),
  }));
}

const calls = sources.flatMap(([file, text]) => callsIn(file, text));

/** The code between the bracket at `start` and its closing bracket. */
function bracketed(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if ('([{'.includes(text[at] ?? '')) depth += 1;
    if (')]}'.includes(text[at] ?? '')) depth -= 1;
    if (depth === 0) return text.slice(start, at + 1);
  }
  throw new Error(`No end of ${text.slice(start, start + 60)}`);
}

const ofMutation = /\b(?:useMutation|useWrite)(?:<[^(]*>)?\(\{/g;

function mutationsIn(text: string): string[] {
  return [...text.matchAll(ofMutation)].map(({ 0: head, index }) => bracketed(text, index + head.length - 2));
}

/** The options of a write, or the body of a function, by its name. */
function namedIn(text: string, name: string): string {
  const write = new RegExp(`\\bconst ${name} = use\\w+(?:<[^(]*>)?\\(`).exec(text);
  if (write !== null) return bracketed(text, write.index + write[0].length - 1);
  const start = new RegExp(`\\bfunction ${name}(?:<\\w+>)?\\(|\\bconst ${name} = (?:async )?\\(`).exec(text);
  if (start === null) return '';
  const open = start.index + start[0].length - 1;
  const body = open + bracketed(text, open).length;
  return /^[^;{]*=> [^{]/.test(text.slice(body))
    ? text.slice(body, text.indexOf(';', body))
    : bracketed(text, text.indexOf('{', body));
}

/** Reports the failure with the reason and the next step, or leaves this to a function that does. */
const saysProblem = /tone: 'problem'[\s\S]*?messageOf\(|\brollBack\(error,|\bfailed: \(|\bonError,/;

describe('every write of the console', () => {
  test('has a case here, which says where its failure is shown', () => {
    const inCode = calls.map(({ file, call }) => `${file}: ${call}`).toSorted();
    const inTable = cases.map(({ file, call }) => `${file}: ${call}`).toSorted();
    expect(inCode.length).toBeGreaterThan(60);
    expect(inTable).toEqual(inCode);
  });

  test('is written in a form that this test can find', () => {
    const isSeen = /^\s*\.(?:GET|POST|PUT|PATCH|DELETE)\(\s*'\//;
    const hidden = sources.flatMap(([file, text]) =>
      [...text.matchAll(/(?<![\w'/.-])api\b(?!\/|['-])/g)]
        .map(({ index }) => text.slice(index + 3, index + 80))
        .filter((rest) => !isSeen.test(rest) && !/^ \} from/.test(rest))
        .map((rest) => `${file}: api${rest.split('\n')[0]}`),
    );
    expect(hidden).toEqual([]);
  });

  test('throws when the server did not take it', () => {
    // The client does not throw on an answer such as 503: only calls through `answered` fail.
    const unheard = calls.filter(({ before }) => {
      const start = [...before.matchAll(/\banswered(?:<[^()]*>)?\(/g)].at(-1);
      return start === undefined || before.slice(start.index + start[0].length).includes(';');
    });
    expect(unheard.map(({ file, call }) => `${file}: ${call}`)).toEqual([]);
  });

  test.each(cases)('a failure of $call of $file is shown where its case says', ({ file, places }) => {
    expect(places).not.toEqual([]);
    for (const place of places) {
      const [shownIn, text] = place.split(/: (.*)/);
      if (text === undefined) expect(namedIn(sourceOf(file), place), place).toMatch(saysProblem);
      else expect(sourceOf(shownIn ?? ''), shownIn).toContain(text);
    }
  });

  test('that is shown at once is removed by its own error, and stays when the server took it', () => {
    const atOnce = sources.flatMap(([file, text]) =>
      mutationsIn(text)
        .filter((options) => /\bonMutate:/.test(options))
        .map((options) => ({ file, options })),
    );
    expect(atOnce.length).toBeGreaterThan(6);
    const faults = atOnce.filter(({ options }) => {
      const ends = /onError: [\s\S]*?(?:\.undo\(\)|rollBack\(error, shown)/.test(options);
      const stays = /onSuccess: [\s\S]*?(?:\.keep\(\)|tell\()/.test(options);
      return !ends || !stays;
    });
    expect(faults).toEqual([]);
  });

  test('swallows no error of its undo', () => {
    // Code that collects failures must check them: an undo that reports nothing looks done.
    const unread = sources.flatMap(([file, text]) =>
      [...text.matchAll(/^\s*await inLanes\(/gm)].map(({ 0: line }) => `${file}: ${line.trim()}`),
    );
    expect(unread).toEqual([]);
  });
});

describe('with the server stopped', () => {
  test('a write fails at once, and its change is gone from the screen before the error is shown', async () => {
    const api = createClient(await stoppedServer());
    const queryClient = createQueryClient(() => undefined);
    const key = ['org', 'acme', 'alerts'];
    queryClient.setQueryData(key, ['open']);
    const seen: unknown[] = [];
    const write = new MutationObserver<unknown, Error, void, Meanwhile>(queryClient, {
      mutationFn: () =>
        answered(
          api.POST('/api/v1/{org}/alerts/acknowledge', {
            params: { path: { org: 'acme' } },
            body: { ids: ['0199b8f0-0000-7000-8000-000000000000'] },
          }),
        ),
      onMutate: () => showMeanwhile(queryClient, [changeOf<string[]>(key, () => ['in hand'])]),
      onError: (_, __, shown) => {
        seen.push(queryClient.getQueryData(key));
        shown?.undo();
      },
    });
    const error = await write.mutate().catch((reason: unknown) => reason);
    expect(seen).toEqual([['in hand']]);
    expect(queryClient.getQueryData(key)).toEqual(['open']);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).status).toBe(0);
    expect(write.getCurrentResult().failureCount).toBe(1);
    queryClient.clear();
  });
});

/** The address of a server that has stopped. */
async function stoppedServer(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
