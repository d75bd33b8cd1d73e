import { cutText } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { defineChannelKind } from '../kind.ts';
import { cutBytes } from '../senders/fit-lines.ts';
import { post } from '../senders/http-outcome.ts';
import { jsonPost } from '../senders/json.ts';
import { levelOf } from '../senders/levels.ts';
import type { Message } from '../topics/message.ts';

/** A longer message becomes an attachment at ntfy: 4,096 bytes. Source: docs.ntfy.sh/publish, "Limitations". */
const limits = { title: 200, messageBytes: 4_000 } as const;

/** 1 is quiet, 5 rings until somebody looks. */
const priorities = { critical: 5, high: 4, medium: 3, low: 2 } as const;
const ordinaryPriority = 3;

/** Words that ntfy shows as small pictures. */
const tags = {
  critical: 'rotating_light',
  high: 'warning',
  medium: 'warning',
  low: 'information_source',
} as const;

export const ntfy = defineChannelKind({
  kind: 'ntfy',
  label: 'ntfy',
  help: 'Pushes to phones and desktops that listen to a topic of ntfy.sh or of a server of yours.',
  schema: Type.Object(
    {
      server_url: Type.String({
        title: 'Server',
        description: 'The address of the ntfy server, without the topic.',
        format: 'uri',
        pattern: '^https?://',
        patternHelp: 'Begin with https:// or http://.',
        default: 'https://ntfy.sh',
        maxLength: 500,
      }),
      topic: Type.String({
        title: 'Topic',
        description:
          'On a public server everybody who knows the topic can read it, so choose one that nobody guesses. It is kept as a secret.',
        pattern: '^[A-Za-z0-9_-]{1,64}$',
        patternHelp: 'Write 1 to 64 letters, digits, underscores or dashes.',
      }),
      access_token: Type.Optional(
        Type.String({
          title: 'Access token',
          description: 'Optional, for topics that are protected. Begins with tk_.',
          pattern: '^[\\x21-\\x7e]{8,200}$',
          patternHelp: 'Copy the whole token, without spaces.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  secrets: ['topic', 'access_token'],
  urls: ['server_url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: false, buttons: false, unsubscribe: false },
  fixture: { server_url: 'https://ntfy.sh', topic: 'watch-fixture-Qz7r', access_token: 'tk_fixturefixture' },
  recipients: (config) => [
    { label: new URL(config.server_url).host, identity: `${config.server_url} ${config.topic}` },
  ],
  target: (config) => new URL(config.server_url).host,
  async send(config, message, deps) {
    const { access_token: token } = config;
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return await post(
      jsonPost(config.server_url, { topic: config.topic, ...bodyOf(message) }, headers),
      deps,
    );
  },
});

function bodyOf(message: Message): object {
  const { title, lines, url, event } = message;
  const level = levelOf(message);
  const tag =
    level === undefined ? (event?.kind === 'resolved' ? 'white_check_mark' : undefined) : tags[level];
  return {
    title: cutText(title, limits.title),
    message: cutBytes(lines.join('\n'), limits.messageBytes),
    click: url,
    priority: level === undefined ? ordinaryPriority : priorities[level],
    ...(tag === undefined ? {} : { tags: [tag] }),
  };
}
