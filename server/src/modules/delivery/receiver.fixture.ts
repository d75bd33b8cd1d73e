import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signWebhook } from './senders/standard-webhooks.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** True when the request carries the signature that this secret makes. */
export function isSignedWith(secret: string, request: Received | undefined): boolean {
  if (request === undefined) return false;
  const atMs = Number(request.headers['webhook-timestamp']) * 1000;
  const signed = signWebhook(secret, String(request.headers['webhook-id']), atMs, request.body);
  return request.headers['webhook-signature'] === signed['webhook-signature'];
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  /** How it answers from now on; `null` never answers, 'hang up' closes once it has the whole request. */
  answer: Answer;
  /** Answers to the next requests, one each; then `answer` again. */
  answers: Answer[];
}

type Answer = { status: number; body?: string; headers?: Record<string, string> } | 'hang up' | null;

/** A real HTTP receiver on loopback that writes down what it got. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => void take(request, response));
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    received.push({
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    });
    const answer = receiver.answers.length > 0 ? receiver.answers.shift() : receiver.answer;
    if (answer === 'hang up') request.socket.destroy();
    else if (answer !== null && answer !== undefined)
      response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Safe because a server that listens on TCP has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer: { status: 200, body: 'ok' },
    answers: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
