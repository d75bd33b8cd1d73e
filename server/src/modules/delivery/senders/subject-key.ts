import type { Message } from '../topics/message.ts';

/**
 * How receivers that keep a state know a subject again: the same text for everything about it, so that one alert of
 * ours is one of theirs. A message without a subject stands for itself.
 */
export function subjectKey({
  organization,
  event,
  id,
}: Pick<Message, 'organization' | 'event' | 'id'>): string {
  const subject = event === undefined ? `message/${id}` : `${event.topic}/${event.subjectId}`;
  return `watchkeeper/${organization.slug}/${subject}`;
}
