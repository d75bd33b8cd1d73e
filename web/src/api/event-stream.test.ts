import { describe, expect, test } from 'vitest';
import { createEventParser, readEventStream, type StreamEvent } from './event-stream';

function parse(...chunks: string[]): StreamEvent[] {
  const events: StreamEvent[] = [];
  const feed = createEventParser((event) => events.push(event));
  for (const chunk of chunks) feed(chunk);
  return events;
}

describe('the event stream parser', () => {
  test('reads events, however they are cut into chunks', () => {
    const text = 'retry: 2000\nevent: hello\ndata: {}\n\nevent: change\ndata: {"topic":"alert","ids":[]}\n\n';
    const whole = parse(text);
    expect(whole).toEqual([
      { event: 'hello', data: '{}' },
      { event: 'change', data: '{"topic":"alert","ids":[]}' },
    ]);
    expect(parse(...text)).toEqual(whole);
  });

  test('accepts all three line ends, also split between chunks', () => {
    expect(parse('data: a\r', '\n\r\ndata: b\r\rdata: c\n\n')).toEqual([
      { event: 'message', data: 'a' },
      { event: 'message', data: 'b' },
      { event: 'message', data: 'c' },
    ]);
  });

  test('ignores comments and events without data', () => {
    expect(parse(': still here\n\nevent: change\n\n')).toEqual([]);
  });

  test('refuses an event without end', () => {
    expect(() => parse('x'.repeat(262_145))).toThrow('too large');
  });
});

test('a stream that is silent for too long is given up', async () => {
  const response = new Response(
    new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(': hi\n\n')) }),
  );
  let signals = 0;
  await readEventStream(response, { silentMsMax: 20, onSignal: () => signals++, onEvent: () => undefined });
  expect(signals).toBe(1);
});
