export interface StreamEvent {
  event: string;
  data: string;
}

/** One event may not grow beyond this; ids-only events are far smaller. */
const bufferCharsMax = 262_144;

/**
 * Parses text/event-stream by hand instead of with EventSource, because EventSource hides keep-alive comments
 * (so a dead connection looks alive), the answer's status, and when it will try again.
 */
export function createEventParser(onEvent: (event: StreamEvent) => void): (chunk: string) => void {
  let buffer = '';
  let event = '';
  let data: string[] = [];

  function line(text: string): void {
    if (text === '') {
      if (data.length > 0) onEvent({ event: event === '' ? 'message' : event, data: data.join('\n') });
      event = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }

  return (chunk) => {
    buffer += chunk;
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(buffer);
      if (end === null) break;
      line(buffer.slice(0, end.index));
      buffer = buffer.slice(end.index + end[0].length);
    }
    if (buffer.length > bufferCharsMax) throw new Error('An event of the live stream is too large.');
  };
}

/** Reads the stream until it ends or stays silent for `silentMsMax`. @throws whatever ended it */
export async function readEventStream(
  response: Response,
  options: { silentMsMax: number; onSignal: () => void; onEvent: (event: StreamEvent) => void },
): Promise<void> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parse = createEventParser(options.onEvent);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      timer = setTimeout(() => void reader.cancel('silent'), options.silentMsMax);
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) return;
      options.onSignal();
      parse(value);
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => undefined);
  }
}
