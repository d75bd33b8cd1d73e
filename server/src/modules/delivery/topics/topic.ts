import type { Permission } from '@watchkeeper/contracts';
import type { Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';
import type { Callback, Said } from '../inbound/inbound.ts';
import type { Gate } from './gate.ts';
import type { Message, MessageParts, Tone } from './message.ts';

/** What people may do to a subject from within a message. */
export interface TopicActions {
  /** Needed to carry out any of them; who lets a channel take callbacks must have it as well. */
  readonly permission: Permission;
  /**
   * Carries out one action at the door of the module that owns the subject, with its rules and its audit.
   * `scope`: the channel, with this permission alone. An action or subject that is unknown is refused in words.
   */
  readonly carryOut: (ctx: Ctx, scope: Scope, asked: Omit<Callback, 'topic' | 'reply'>) => Promise<Said>;
}

/** Something that people are told of, such as alerts. Its module says what there is to tell, and in which words. */
export interface Topic<Facts extends object = object> {
  /** Stored with the ledger, so it never changes. */
  readonly topic: string;
  /** How its facts are written today; stored with them. */
  readonly version: number;
  /** Reads facts of this version and of older releases; undefined: a newer release wrote them. */
  readonly readFacts: (version: number, facts: object) => Facts | undefined;
  /** What the ledger calls the subject. */
  readonly titleOf: (facts: Facts) => string;
  /** Live changes after which there may be something to plan. */
  readonly wakes: readonly string[];
  /** Plans the transitions that are not planned yet, and writes them into the ledger. Returns how many. */
  readonly plan: (ctx: Ctx, signal: AbortSignal) => Promise<number>;
  /** Transitions of one tone may stand in one message. */
  readonly toneOf: (transitionKind: string) => Tone;
  readonly render: (parts: MessageParts<Facts>) => Message;
  readonly gate: Gate;
  /** It asks for a confirmation: sent to addresses that are not confirmed, and only to these. Delivery's own topic. */
  readonly asksToConfirm?: true;
  /** Left out: its messages offer no buttons. */
  readonly actions?: TopicActions;
  /** Its subjects are made of alerts; left out: they stand for themselves. */
  readonly parts?: TopicParts<Facts>;
}

/** How the ledger finds what was told of one part of a subject. */
export interface TopicParts<Facts extends object = object> {
  /** The subjects that this part belongs to. */
  readonly subjectsOf: (tx: Tx, partId: string) => Promise<readonly string[]>;
  /** The part that the subject is all about; undefined: it has several. */
  readonly only: (facts: Facts) => { readonly id: string; readonly title: string } | undefined;
}

export function defineTopic<Facts extends object>(topic: Topic<Facts>): Topic {
  // Safe because everything but readFacts is handed only what readFacts returned.
  return topic as unknown as Topic;
}

declare module '#platform/module' {
  interface Module {
    /** What people are told of, and in which words. */
    readonly topics?: readonly Topic[];
  }
}

const topicsPart = definePart<ReadonlyMap<string, Topic>>('delivery.topics');

export function keepTopics(ctx: Pick<Ctx, 'parts'>, house: House): void {
  const topics = house.flatMap((module) => module.topics ?? []);
  ctx.parts.put(topicsPart, new Map(topics.map((topic) => [topic.topic, topic])));
}

export function listTopics(ctx: Pick<Ctx, 'parts'>): Topic[] {
  return [...ctx.parts.get(topicsPart).values()];
}

/** undefined: a release that knew more topics wrote it. */
export function findTopic(ctx: Pick<Ctx, 'parts'>, name: string): Topic | undefined {
  return ctx.parts.get(topicsPart).get(name);
}
