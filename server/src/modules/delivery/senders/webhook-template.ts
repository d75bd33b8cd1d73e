import type { Message } from '../topics/message.ts';
import { type Escape, printTemplate, TemplateFault } from './template.ts';

/** Types of bodies, and how values are written in them. */
const escapes = {
  'application/json': (text) => JSON.stringify(text).slice(1, -1),
  'application/x-www-form-urlencoded': encodeURIComponent,
  'text/plain': String,
} as const satisfies Record<string, Escape>;

export type TemplateType = keyof typeof escapes;
export const templateTypes = ['application/json', 'application/x-www-form-urlencoded', 'text/plain'] as const;

/**
 * The body that an operator's template makes of a message. @throws TemplateFault when it prints too much, or no JSON
 * where JSON is wanted
 */
export function templatedBody(template: string, type: TemplateType, message: Message): string {
  const body = printTemplate(template, dataOf(message), escapes[type]);
  if (type === 'application/json' && !isJson(body))
    throw new TemplateFault('The template does not make JSON.');
  return body;
}

/** The names that a template may use; they are part of the docs and stay. */
function dataOf(message: Message): object {
  const { id, title, lines, url, linkLabel, organization, payload, createdAt, event } = message;
  return {
    id,
    type: payload.type,
    timestamp: createdAt.toISOString(),
    title,
    lines,
    text: lines.join('\n'),
    url,
    link_label: linkLabel,
    organization,
    data: payload.data,
    event:
      event === undefined
        ? null
        : {
            kind: event.kind,
            topic: event.topic,
            id: event.subjectId,
            severity: event.severity,
            priority: event.priority ?? null,
            opened_at: event.openedAt,
            resolved_at: event.resolvedAt,
            labels: event.labels,
          },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
