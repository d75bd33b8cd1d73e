import { cutText, isolate, oneLine } from '@watchkeeper/contracts/text';
import { defineTopic, localTimeText, type Message, type MessageParts } from '#modules/delivery';
import { askedTransition, type Facts, workflowLedger } from './facts.ts';
import { planDue } from './plan-due.ts';

const titleCharsMax = 140;

/** What workflows tell. */
export const workflowTopic = defineTopic<Facts>({
  ...workflowLedger,
  // Safe because facts of this version were made as this type says.
  readFacts: (version, facts) => (version === workflowLedger.version ? (facts as Facts) : undefined),
  titleOf: ({ title }) => title,
  wakes: ['workflow'],
  plan: planDue,
  toneOf: () => askedTransition,
  render,
  gate: {
    judges: [],
    judgesBy: [],
    judge: () => ({ verdict: 'tell', withdraw: [] }),
    withdrawnReason: () => '',
  },
});

/** One message, or several as a list. Other people's words stay on one line. */
function render({ publicUrl, items, can, confirmUrl: _none, ...rest }: MessageParts<Facts>): Message {
  const [first] = items;
  const { slug } = rest.organization;
  const alone = items.length === 1 && first !== undefined;
  // The console has no page of an incident yet.
  const site = alone && first.site !== null ? `?site=${encodeURIComponent(first.site.slug)}` : '';
  const url = alone ? `${publicUrl}/o/${slug}/alerts${site}` : `${publicUrl}/o/${slug}`;
  return {
    ...rest,
    organization: { ...rest.organization, name: oneLine(rest.organization.name) },
    title: cutText(alone ? titleOf(first) : `${items.length} messages of workflows`, titleCharsMax),
    lines: alone ? linesOf(first) : items.map(bulletOf),
    url,
    linkLabel: alone ? 'Open its alerts' : 'Open Watchkeeper',
    actions: [],
    payload: { type: 'workflow.message', data: { organization: slug, url, messages: items } },
    thread: alone && can.thread ? `incident.${first.incident_id}` : undefined,
    list: 'incidents',
  };
}

function titleOf({ number, title }: Facts): string {
  return `#${number} ${tame(title)}`;
}

function linesOf(facts: Facts): string[] {
  return [
    ...(facts.text === '' ? [] : [tame(facts.text)]),
    ...(facts.site === null ? [] : [`Where: ${tame(facts.site.name)}`]),
    `Since: ${localTimeText(facts.opened_at, facts.site?.timezone)}`,
    `Priority: ${facts.priority}`,
    `From: the workflow ${tame(facts.workflow)}`,
  ];
}

function bulletOf(facts: Facts): string {
  return `• ${titleOf(facts)}${facts.text === '' ? '' : `: ${tame(facts.text)}`}`;
}

function tame(text: string): string {
  return isolate(oneLine(text));
}
