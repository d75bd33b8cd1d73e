import { cutText } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { defineChannelKind } from '../kind.ts';
import { fitLines } from '../senders/fit-lines.ts';
import { post } from '../senders/http-outcome.ts';
import { jsonPost } from '../senders/json.ts';
import { levelOf } from '../senders/levels.ts';
import type { Message } from '../topics/message.ts';

/** Characters. Gotify has no limit of its own; a phone shows no more. */
const limits = { title: 200, lines: 4_000 } as const;

/** 0 to 10: from 4 on the phone makes a sound, from 8 on it shows the message at once. */
const priorities = { critical: 10, high: 8, medium: 5, low: 2 } as const;
const ordinaryPriority = 4;

export const gotify = defineChannelKind({
  kind: 'gotify',
  label: 'Gotify',
  help: 'Pushes to phones and browsers through a Gotify server of yours.',
  schema: Type.Object(
    {
      server_url: Type.String({
        title: 'Server',
        description: 'The address of your Gotify server.',
        format: 'uri',
        pattern: '^https?://',
        patternHelp: 'Begin with https:// or http://.',
        examples: ['https://gotify.example.com'],
        maxLength: 500,
      }),
      app_token: Type.String({
        title: 'Token of the application',
        description: 'From Gotify: Apps, create an application. It is kept as a secret.',
        pattern: '^[\\x21-\\x7e]{8,200}$',
        patternHelp: 'Copy the whole token, without spaces.',
      }),
    },
    { additionalProperties: false },
  ),
  secrets: ['app_token'],
  urls: ['server_url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: false, buttons: false, unsubscribe: false },
  fixture: { server_url: 'https://gotify.example.com', app_token: 'AFixtureToken.1' },
  recipients: (config) => [
    { label: new URL(config.server_url).host, identity: `${config.server_url} ${config.app_token}` },
  ],
  target: (config) => new URL(config.server_url).host,
  async send(config, message, deps) {
    const url = `${config.server_url.replace(/\/+$/, '')}/message`;
    return await post(jsonPost(url, bodyOf(message), { 'x-gotify-key': config.app_token }), deps);
  },
});

function bodyOf(message: Message): object {
  const { title, lines, url } = message;
  const level = levelOf(message);
  return {
    title: cutText(title, limits.title),
    message: [...fitLines(lines, limits.lines), url].join('\n'),
    priority: level === undefined ? ordinaryPriority : priorities[level],
    extras: {
      'client::display': { contentType: 'text/plain' },
      'client::notification': { click: { url } },
    },
  };
}
