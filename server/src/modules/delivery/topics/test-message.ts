import { cutText, isolate, oneLine } from '@watchkeeper/contracts/text';
import { type Message, type MessageParts, testTone } from './message.ts';

const titleCharsMax = 140;

export function composeTest(
  parts: Omit<MessageParts, 'tone' | 'items' | 'can'> & { channelName: string; by: string },
): Message {
  const { publicUrl, channelName, by, ...rest } = parts;
  const title = cutText(`Test message of ${tame(channelName)}`, titleCharsMax);
  const lines = [
    `${tame(by)} asked for this test. The channel works; nothing is wrong.`,
    `Organization: ${tame(parts.organization.name)}`,
  ];
  const url = `${publicUrl}/o/${parts.organization.slug}`;
  return {
    ...rest,
    tone: testTone,
    organization: { ...rest.organization, name: oneLine(rest.organization.name) },
    title,
    lines,
    url,
    linkLabel: 'Open Watchkeeper',
    actions: [],
    payload: {
      type: 'test',
      data: { organization: parts.organization.slug, title, url, text: lines.join('\n') },
    },
    thread: undefined,
    // Where the mails of this channel will stand.
    list: 'alerts',
  };
}

/** Other people's words on one line, and turning nothing around them. */
function tame(text: string): string {
  return isolate(oneLine(text));
}
