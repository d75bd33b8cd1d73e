import Type from 'typebox';
import { normalizeTimeZone } from '#modules/inventory';
import { unable } from '#platform/exchange/probe';
import { defineCheckKind } from '../kind.ts';
import { nextTime, parseCron } from '../pings/cron.ts';

const secondsMax = 31_536_000;
/** Tags group checks, as in Healthchecks. */
const tagsMax = 50;
const keywords = (title: string, description: string) =>
  Type.Optional(Type.String({ title, description, maxLength: 200, advanced: true }));

/** Judged in pings/: when a ping arrives, and when an expected ping does not. The engine never runs it. */
export const ping = defineCheckKind({
  kind: 'ping',
  label: 'Expected check-in',
  help: 'Waits for a script, a job or another monitor to call its URL, by a period or a cron expression. The check is down when no call comes within the grace time, when a call reports a failure, or when a run takes too long.',
  schema: Type.Object(
    {
      period: Type.Optional(
        Type.Integer({
          title: 'Expected every',
          unit: 's',
          description: 'Counted from the last check-in. Either this or a cron expression.',
          minimum: 1,
          maximum: secondsMax,
        }),
      ),
      cron: Type.Optional(
        Type.String({
          title: 'Cron expression',
          description: 'Five fields, or @hourly, @daily, @weekly, @monthly, @yearly.',
          maxLength: 100,
          examples: ['30 3 * * *'],
        }),
      ),
      timezone: Type.String({
        title: 'Time zone of the cron expression',
        description: 'The clocks of this zone decide, across its changes to and from summer time.',
        maxLength: 64,
        default: 'UTC',
      }),
      grace: Type.Integer({
        title: 'Grace',
        unit: 's',
        description: 'It may be late by this much.',
        minimum: 0,
        maximum: secondsMax,
        default: 3_600,
      }),
      max_run_time: Type.Optional(
        Type.Integer({
          title: 'Longest run',
          unit: 's',
          description: 'From its start ping to its end. Default: as long as the grace time.',
          minimum: 1,
          maximum: secondsMax,
        }),
      ),
      methods: Type.Enum(['any', 'POST'], {
        title: 'Methods that count',
        description: 'With POST, other requests are noted and answered, but do not count.',
        default: 'any',
        advanced: true,
      }),
      start_keywords: keywords('Words of a start', 'Separated by commas, searched for in the body.'),
      success_keywords: keywords(
        'Words of a success',
        'When there are any keywords, they decide, not the address. A ping without a keyword does not count.',
      ),
      failure_keywords: keywords('Words of a failure', 'Searched for first.'),
      resume_on_ping: Type.Optional(
        Type.Boolean({
          title: 'A check-in resumes it',
          description:
            'While it is paused, the next check-in switches it on again. Otherwise it stays paused.',
          advanced: true,
        }),
      ),
      description: Type.Optional(
        Type.String({
          title: 'Description',
          description: 'What the job does, and what to do when it is missing.',
          maxLength: 4_500,
          advanced: true,
        }),
      ),
      tags: Type.Optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 100, pattern: '^\\S+$' }), {
          title: 'Tags',
          description:
            'Words without spaces. They group checks in the Healthchecks API, and each has a badge.',
          maxItems: tagsMax,
          advanced: true,
        }),
      ),
      uuid: Type.Optional(
        Type.String({
          title: 'UUID to take over',
          description: 'Of a Healthchecks check, so that its scripts need only another host name.',
          pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
          patternHelp: 'a UUID, e.g. 31365bce-0000-4000-8000-00000000000c',
          maxLength: 36,
          advanced: true,
        }),
      ),
      push_token: Type.Optional(
        Type.String({
          title: 'Push token to take over',
          description: 'Of an Uptime Kuma push monitor or a Gatus external endpoint.',
          pattern: '^[A-Za-z0-9._~-]{8,128}$',
          patternHelp: '8 to 128 letters, digits, dots, tildes, underscores and hyphens',
          maxLength: 128,
          advanced: true,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  secrets: ['uuid', 'push_token'],
  fixture: {
    cron: '30 3 * * *',
    timezone: 'America/Halifax',
    grace: 1_800,
    max_run_time: 3_600,
    methods: 'any',
  },
  passive: true,
  check(config) {
    if ((config.period === undefined) === (config.cron === undefined))
      return [{ field: 'period', message: 'or `cron` is required; send one of the two' }];
    return config.cron === undefined ? [] : mistakesInCron(config.cron, config.timezone);
  },
  target: () => 'ping',
  run: async () => unable('This check waits for calls and cannot be run.'),
});

/** The starting time does not matter: an expression that ever matches does so within the years that are searched. */
function mistakesInCron(cron: string, timezone: string): { field: string; message: string }[] {
  if (normalizeTimeZone(timezone) === undefined)
    return [
      {
        field: 'timezone',
        message: `is "${timezone}", which is not a time zone (use for example Europe/Berlin)`,
      },
    ];
  try {
    return nextTime(parseCron(cron), timezone, 0) === null
      ? [{ field: 'cron', message: 'names a day that does not exist' }]
      : [];
  } catch (error) {
    return [{ field: 'cron', message: error instanceof Error ? error.message : 'cannot be read' }];
  }
}
