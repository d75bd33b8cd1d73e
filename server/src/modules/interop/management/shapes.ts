import Type from 'typebox';
import { uniqueFields } from './spec.ts';

const seconds = Type.Integer({ minimum: 60, maximum: 31_536_000 });
const optionalText = (description: string) => Type.Optional(Type.String({ description }));

export const CheckBody = Type.Object(
  {
    api_key: optionalText('Instead of the header.'),
    name: optionalText('At most 100 characters.'),
    slug: optionalText('Lowercase letters, digits, hyphens, underscores; unique in the organization.'),
    tags: optionalText('Separated by spaces.'),
    desc: Type.Optional(Type.String()),
    timeout: Type.Optional(seconds),
    grace: Type.Optional(seconds),
    schedule: optionalText('A cron expression; then `timeout` does not count.'),
    tz: optionalText('Time zone of the schedule.'),
    manual_resume: Type.Optional(Type.Boolean()),
    methods: optionalText('"" or "POST".'),
    channels: optionalText(
      '"*", or the channels that are told anyway, by id or name. The rule "Check failure" decides which channels are told.',
    ),
    unique: Type.Optional(Type.Array(Type.Enum([...uniqueFields]))),
    start_kw: Type.Optional(Type.String()),
    success_kw: Type.Optional(Type.String()),
    failure_kw: Type.Optional(Type.String()),
    filter_http_body: optionalFlag('The body is searched for the words. True when there are any words.'),
    filter_subject: optionalFlag('Only false.'),
    filter_body: optionalFlag('Only false.'),
    filter_default_fail: optionalFlag('Only false.'),
    subject: optionalText('Only empty.'),
    subject_fail: optionalText('Only empty.'),
  },
  { description: 'In the form of Healthchecks. An answer may be sent back as it is.' },
);

function optionalFlag(description: string) {
  return Type.Optional(Type.Boolean({ description }));
}

const Stamp = Type.Union([Type.String(), Type.Null()]);

export const CheckShape = Type.Object({
  name: Type.String(),
  slug: Type.String(),
  tags: Type.String(),
  desc: Type.String(),
  grace: Type.Integer(),
  n_pings: Type.Integer(),
  status: Type.Enum(['new', 'up', 'grace', 'down', 'paused', 'started'], {
    description: '`started` in version 1 only; later ones have the field `started`.',
  }),
  started: Type.Boolean(),
  last_ping: Stamp,
  next_ping: Stamp,
  manual_resume: Type.Boolean(),
  methods: Type.String(),
  subject: Type.String(),
  subject_fail: Type.String(),
  start_kw: Type.String(),
  success_kw: Type.String(),
  failure_kw: Type.String(),
  filter_subject: Type.Boolean(),
  filter_body: Type.Boolean(),
  filter_http_body: Type.Boolean(),
  filter_default_fail: Type.Boolean(),
  badge_url: Type.Null(),
  last_duration: Type.Optional(Type.Integer({ description: 'Seconds.' })),
  uuid: optionalText('Version 3, with a key that may change checks.'),
  unique_key: optionalText('Instead of the addresses, with a key that may only read.'),
  ping_url: Type.Optional(Type.String()),
  update_url: Type.Optional(Type.String()),
  pause_url: Type.Optional(Type.String()),
  resume_url: Type.Optional(Type.String()),
  channels: Type.Optional(Type.String()),
  timeout: Type.Optional(Type.Integer()),
  schedule: Type.Optional(Type.String()),
  tz: Type.Optional(Type.String()),
});

export const CheckListShape = Type.Object({ checks: Type.Array(CheckShape) });

export const PingListShape = Type.Object({
  pings: Type.Array(
    Type.Object({
      type: Type.Enum(['success', 'start', 'fail', 'log', 'ign']),
      date: Type.String(),
      n: Type.Integer(),
      scheme: Type.String(),
      remote_addr: Type.String(),
      method: Type.String(),
      ua: Type.String(),
      rid: Type.Union([Type.String(), Type.Null()]),
      exitstatus: Type.Optional(Type.Integer()),
      duration: Type.Optional(Type.Number({ description: 'Seconds.' })),
      body_url: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
});

export const FlipListShape = Type.Object({
  flips: Type.Array(Type.Object({ timestamp: Type.String(), up: Type.Integer() })),
});

export const ChannelListShape = Type.Object({
  channels: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), kind: Type.String() })),
});

export const BadgeListShape = Type.Object({
  badges: Type.Record(
    Type.String(),
    Type.Object({
      svg: Type.String(),
      svg3: Type.String(),
      json: Type.String(),
      json3: Type.String(),
      shields: Type.String(),
      shields3: Type.String(),
    }),
    { description: 'By tag; `*` is all checks. Those that end in 3 know "late" as well.' },
  ),
});

const ErrorShape = Type.Object({ error: Type.String() });
const refused = (description: string) => ({
  description,
  content: { 'application/json': { schema: ErrorShape } },
});

export const refusals = {
  400: refused('`json validation error: ...`, or another fault of the request.'),
  401: refused('`missing api key` or `wrong api key`.'),
  403: refused('The key lacks the right, or the organization has the maximum number of checks.'),
  404: refused('`not found`.'),
  409: refused('`check is not paused`, or the slug is taken.'),
  429: refused('Too many requests; `Retry-After` says when.'),
};
