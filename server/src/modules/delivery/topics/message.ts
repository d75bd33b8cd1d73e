import type { Capabilities } from '../capabilities.ts';
import type { MessageEvent } from './event.ts';

/** How messages of one group sound. A topic names its own groups; `digest` and `test` are ours. */
export type Tone = string;
export const digestTone = 'digest';
export const testTone = 'test';

/** The input from which a topic renders a message. */
export interface MessageParts<Facts extends object = object> {
  /** Stays the same over all attempts. */
  readonly id: string;
  readonly tone: Tone;
  readonly createdAt: Date;
  readonly organization: { readonly slug: string; readonly name: string };
  /** The recipient's label. */
  readonly recipient: string;
  readonly items: readonly Facts[];
  readonly publicUrl: string;
  /** What the channel can carry, with the config that it has. */
  readonly can: Pick<Capabilities, 'thread' | 'buttons'>;
  /** Where the recipient confirms the address; only for a topic that asks for it. */
  readonly confirmUrl?: string;
}

/** Something that the reader may do to a subject, without leaving the message. */
export interface MessageAction {
  /** As the topic's `act` knows it. */
  readonly action: string;
  /** The words on the button. */
  readonly label: string;
  readonly topic: string;
  readonly subjectId: string;
}

/** One message to one recipient, in the forms that channels need. */
export interface Message {
  readonly id: string;
  readonly tone: Tone;
  readonly createdAt: Date;
  readonly organization: { readonly slug: string; readonly name: string };
  readonly recipient: string;
  /** One line: subject, header, notification text. */
  readonly title: string;
  /** Plain sentences and `Label: value` lines. */
  readonly lines: readonly string[];
  /** The one link. */
  readonly url: string;
  readonly linkLabel: string;
  /** Buttons that call back; empty where the channel has none. */
  readonly actions: readonly MessageAction[];
  /** The form for programs. */
  readonly payload: { readonly type: string; readonly data: object };
  /** What happened to its subject; left out: it has several subjects or none. */
  readonly event?: MessageEvent;
  /** The subject, where the message is about one and the channel has threads: its messages stand together. */
  readonly thread: string | undefined;
  /** The list that mail programs sort it into. */
  readonly list: string;
  /** Of a bulk message to one who asked for it: the page that ends it. The pipeline adds it. */
  readonly unsubscribe?: { readonly url: string; readonly label: string };
  /** Of its words, as HTML names it; left out: English. */
  readonly language?: string;
}
