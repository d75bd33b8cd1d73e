import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signSlack } from './senders/slack-signature.ts';

interface Button {
  readonly action_id?: string;
  readonly value?: string;
  readonly url?: string;
}

interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly elements?: readonly Button[];
}

/** A message as the channel shows it now. */
export interface SlackMessage {
  text: string;
  blocks: Block[];
}

/** What Slack sends us when a button is pressed. */
export interface Press {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface SlackWorkspace extends AsyncDisposable {
  /** For `webhook_url`. */
  readonly url: string;
  readonly messages: SlackMessage[];
  /** What people were told alone, in the order in which they were. */
  readonly whispers: string[];
  /** The `action_id`s of our buttons in a message. */
  buttonsOf(message: SlackMessage | undefined): string[];
  /** Somebody presses a button; `over` is for requests that Slack would not send. */
  press(
    message: SlackMessage | undefined,
    actionId: string,
    over?: { user?: string; atMs?: number; secret?: string; responseUrl?: string; value?: string },
  ): Press;
}

export const slackSigningSecret = '8f742231b10e8888abcd99yyyzzz85a5';

/**
 * Slack's side on loopback: an incoming webhook, messages with buttons, signed block actions, and answers at their
 * `response_url`.
 */
export async function startSlack(now: () => number): Promise<SlackWorkspace> {
  const messages: SlackMessage[] = [];
  const whispers: string[] = [];
  let presses = 0;
  const server = createServer((request, response) => void take(request, response));

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const number = /^\/answers\/(\d+)$/.exec(request.url ?? '')?.[1];
    if (number === undefined) messages.push(posted(body, messages.length));
    else if (body.replace_original === true) messages[Number(number)] = posted(body, Number(number));
    else whispers.push(body.text);
    response.writeHead(200, { 'content-type': 'text/html' }).end('ok');
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Safe because a server that listens on TCP has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  return {
    url: `${base}/services/T0/B0/secret`,
    messages,
    whispers,
    buttonsOf: (message) => buttonsIn(message).flatMap(({ action_id: id, url }) => (url ? [] : (id ?? []))),
    press(message, actionId, over = {}) {
      presses += 1;
      const button = buttonsIn(message).find((one) => one.action_id === actionId);
      const payload = {
        type: 'block_actions',
        user: { id: 'U0ADA', username: over.user ?? 'ada', name: over.user ?? 'ada', team_id: 'T0' },
        team: { id: 'T0', domain: 'northern-golf' },
        container: { type: 'message', message_ts: '1795166100.000100' },
        message: { ts: '1795166100.000100', ...message },
        actions: [
          {
            type: 'button',
            action_id: actionId,
            value: over.value ?? button?.value,
            action_ts: `1795166100.${String(presses).padStart(6, '0')}`,
          },
        ],
        response_url:
          over.responseUrl ?? `${base}/answers/${message === undefined ? 0 : messages.indexOf(message)}`,
        trigger_id: `13345224609.${presses}`,
      };
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      const timestamp = String(Math.floor((over.atMs ?? now()) / 1000));
      return {
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': signSlack(over.secret ?? slackSigningSecret, timestamp, Buffer.from(body)),
        },
        body,
      };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function buttonsIn(message: SlackMessage | undefined): Button[] {
  return (message?.blocks ?? []).flatMap(({ type, elements }) =>
    type === 'actions' ? [...(elements ?? [])] : [],
  );
}

/** Slack names each block and each button that has no name. */
function posted(body: SlackMessage, number: number): SlackMessage {
  const blocks = body.blocks.map((block, index) => ({
    block_id: `b${number}.${index}`,
    ...block,
    ...(block.type === 'actions'
      ? { elements: block.elements?.map((one, at) => ({ action_id: `slack${at}`, ...one })) ?? [] }
      : {}),
  }));
  return { text: body.text, blocks };
}
