import { cutText, oneLine } from '@watchkeeper/contracts/text';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Callback, InboundRequest, Said } from '../inbound/inbound.ts';
import type { MessageAction } from '../topics/message.ts';
import { post } from './http-outcome.ts';
import { cutEscaped, escapeMrkdwn } from './slack-text.ts';

/** Marks our buttons among those of a message: Slack reports a press of the link button as well. */
const prefix = 'watchkeeper:';
/** The block that says what happened; a later one replaces it. */
const saidBlock = 'watchkeeper.said';
const nameCharsMax = 80;
/** Slack's own limit for the text of a button. */
const labelCharsMax = 75;
const wordsCharsMax = 2_000;

const Element = Type.Object({ action_id: Type.Optional(Type.String()) });
const Block = Type.Object({
  type: Type.String(),
  block_id: Type.Optional(Type.String()),
  elements: Type.Optional(Type.Array(Element)),
});

/** Of Slack's `block_actions`, the fields that we read. */
const BlockActions = Type.Object({
  type: Type.Literal('block_actions'),
  user: Type.Object({
    id: Type.String(),
    username: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
  }),
  actions: Type.Array(Type.Object({ action_id: Type.String(), value: Type.Optional(Type.String()) })),
  message: Type.Optional(
    Type.Object({ text: Type.Optional(Type.String()), blocks: Type.Optional(Type.Array(Block)) }),
  ),
  response_url: Type.String(),
});
type BlockActions = Static<typeof BlockActions>;
type Block = Static<typeof Block>;

export function buttonOf({ action, label, topic, subjectId }: MessageAction): object {
  return {
    type: 'button',
    text: { type: 'plain_text', text: cutText(label, labelCharsMax) },
    action_id: `${prefix}${action}`,
    value: `${topic}:${subjectId}`,
  };
}

/** A press of one of our buttons; undefined: of something else in a message. */
export function readSlackCallback({ body }: InboundRequest): Callback | undefined {
  const payload = parse(new URLSearchParams(body.toString('utf8')).get('payload') ?? '');
  if (!Value.Check(BlockActions, payload)) return undefined;
  const pressed = payload.actions.find(({ action_id }) => action_id.startsWith(prefix));
  const [, action] = /^([a-z_]{1,40})$/.exec(pressed?.action_id.slice(prefix.length) ?? '') ?? [];
  const [, topic, subjectId] = /^([a-z_]{1,40}):([0-9a-f-]{36})$/.exec(pressed?.value ?? '') ?? [];
  if (action === undefined || topic === undefined || subjectId === undefined) return undefined;
  const { user } = payload;
  return {
    action,
    topic,
    subjectId,
    actor: {
      id: cutText(oneLine(user.id), nameCharsMax),
      name: cutText(oneLine(user.name ?? user.username ?? user.id), nameCharsMax),
    },
    reply: async (said, deps) =>
      await post(
        {
          url: payload.response_url,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify(answerOf(payload, said)),
        },
        deps,
      ),
  };
}

/** A refusal goes to the person alone. Everything else is written into the message, for everybody who reads it. */
function answerOf({ message }: BlockActions, said: Said): object {
  const words = cutEscaped(escapeMrkdwn(said.words), wordsCharsMax);
  if (said.outcome === 'refused' || message === undefined)
    return { response_type: 'ephemeral', replace_original: false, text: words };
  const blocks = (message.blocks ?? []).flatMap((block) => keptOf(block, said.left));
  const context = { type: 'context', block_id: saidBlock, elements: [{ type: 'mrkdwn', text: words }] };
  return { replace_original: true, text: message.text ?? words, blocks: [...blocks, context] };
}

/** A block as it stays: without buttons that make no sense any more. */
function keptOf(block: Block, left: readonly string[]): Block[] {
  if (block.block_id === saidBlock) return [];
  if (block.type !== 'actions' || block.elements === undefined) return [block];
  const elements = block.elements.filter(
    ({ action_id: id = '' }) => !id.startsWith(prefix) || left.includes(id.slice(prefix.length)),
  );
  return elements.length === 0 ? [] : [{ ...block, elements }];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
