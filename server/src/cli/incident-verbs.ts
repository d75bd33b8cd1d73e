import { Argument, type Command } from 'commander';
import { CliError, exitCodes } from './exit.ts';
import { print } from './output.ts';
import { callServer, type RemoteOptions, withServer } from './remote.ts';

type Options = RemoteOptions & Readonly<Record<string, string | undefined>>;

/** What can be done with one incident; each is one call of the API. */
export function defineActing(incidents: Command): void {
  acting(incidents, 'ack', 'acknowledge an incident and its alerts')
    .option('--note <text>')
    .action(act('acknowledge', ({ note }) => (note === undefined ? {} : { note }), 'Acknowledged'));
  acting(incidents, 'unack', 'take an acknowledgement back').action(
    act('unacknowledge', () => undefined, 'Took back the acknowledgement of'),
  );
  acting(incidents, 'assign', 'give an incident to a member, or to nobody')
    .requiredOption('--to <user>', 'id or e-mail address of a member, or "nobody"')
    .action(async (incident: string, options: Options, command: Command) => {
      const user = await memberOf(options, options.to ?? '');
      await done(command, options, incident, 'assign', { user }, 'Assigned');
    });
  acting(incidents, 'comment', 'write a comment')
    .requiredOption('--text <text>')
    .action(act('comment', ({ text }) => ({ text }), 'Commented on'));
  acting(incidents, 'snooze', 'be quiet until a time, unless it gets worse')
    .option('--for <duration>', 'such as 30m or 8h')
    .option('--until <time>', 'ISO 8601')
    .option('--note <text>')
    .action(act('snooze', ({ for: duration, until, note }) => ({ for: duration, until, note }), 'Snoozed'));
  acting(incidents, 'unsnooze', 'end a snooze').action(
    act('unsnooze', () => undefined, 'Ended the snooze of'),
  );
  acting(incidents, 'merge', 'make other incidents part of this one')
    .addArgument(new Argument('<others...>', 'numbers or ids of the others'))
    .option('--note <text>')
    .action(async (incident: string, others: string[], options: Options, command: Command) => {
      const ids = await Promise.all(others.map((other) => idOf(options, other)));
      const body = { incidents: ids, note: options.note };
      await done(command, options, incident, 'merge', body, `Merged ${others.join(', ')} into`);
    });
  acting(incidents, 'split', 'make a new incident of some of its alerts')
    .addArgument(new Argument('<alerts...>', 'ids of the alerts that leave'))
    .option('--note <text>')
    .action(async (incident: string, alerts: string[], options: Options, command: Command) => {
      const part = await call(options, incident, 'split', { alerts, note: options.note });
      print(command, part, `Made #${numberOf(part)} of ${alerts.length} of the alerts of ${incident}.`);
    });
  acting(incidents, 'resolve', 'resolve an incident and its alerts')
    .requiredOption('--reason <text>')
    .option('--action <text>', 'what was done about it')
    .action(act('resolve', ({ reason, action }) => ({ reason, action_taken: action }), 'Resolved'));
  acting(incidents, 'reopen', 'take a resolution back').action(act('reopen', () => undefined, 'Reopened'));
}

function acting(incidents: Command, name: string, does: string): Command {
  return withServer(incidents.command(name)).description(does).argument('<incident>', 'number or id');
}

function act(verb: string, bodyOf: (options: Options) => object | undefined, past: string) {
  return async (incident: string, options: Options, command: Command): Promise<void> => {
    await done(command, options, incident, verb, bodyOf(options), past);
  };
}

async function done(
  command: Command,
  options: Options,
  incident: string,
  verb: string,
  body: object | undefined,
  past: string,
): Promise<void> {
  const answer = await call(options, incident, verb, body);
  print(command, answer, `${past} #${numberOf(answer)}.`);
}

async function call(options: Options, incident: string, verb: string, body: object | undefined) {
  const path = `/api/v1/${options.org}/incidents/${encodeURIComponent(incident)}/${verb}`;
  return await callServer(options, 'POST', path, body);
}

function numberOf(answer: unknown): string {
  return typeof answer === 'object' && answer !== null && 'number' in answer ? String(answer.number) : '?';
}

async function idOf(options: Options, incident: string): Promise<string> {
  const path = `/api/v1/${options.org}/incidents/${encodeURIComponent(incident)}`;
  const found = (await callServer(options, 'GET', path)) as { id: string };
  return found.id;
}

/** @throws CliError when nobody has the address. */
async function memberOf(options: Options, who: string): Promise<string | null> {
  if (who === 'nobody') return null;
  if (!who.includes('@')) return who;
  const page = (await callServer(options, 'GET', `/api/v1/orgs/${options.org}/members?limit=500`)) as {
    data: { id: string; email: string }[];
  };
  const member = page.data.find(({ email }) => email.toLowerCase() === who.toLowerCase());
  if (member === undefined) throw new CliError(`No member has the address ${who}.`, exitCodes.failed);
  return member.id;
}
