import Type, { type Static } from 'typebox';
import { Id, ListQuery, Name, Nullable, Page, Timestamp } from './common.ts';
import { ChannelRouting } from './routing.ts';
import { keptSecret, notificationStatuses, severities } from './vocabulary.ts';

export const deliveryOutcomes = ['sent', 'retry', 'permanent'] as const;

export const ChannelSeverity = Type.Enum([...severities], {
  description: 'Alerts below this severity are not sent to the channel.',
});

/** The kind decides the fields: see `GET /api/v1/{org}/channel-kinds`. */
export const ChannelConfig = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
  description:
    'The fields of the kind, as `GET /api/v1/{org}/channel-kinds` describes them: webhook {url, secret?}, email {to[]}, slack {webhook_url, signing_secret?}, telegram {bot_token, chat_ids[], webhook_secret?}, pagerduty {routing_key}, console {} and so on.',
});

export const ChannelCreate = Type.Object(
  {
    kind: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'webhook, email, slack, telegram and so on.',
    }),
    name: Name,
    config: ChannelConfig,
    min_severity: Type.Optional(ChannelSeverity),
    enabled: Type.Optional(Type.Boolean({ description: 'true unless told.' })),
    escalation_only: Type.Optional(
      Type.Boolean({ description: 'Told only of alerts that a rule escalates to it. Default: false.' }),
    ),
    routing: Type.Optional(Nullable(ChannelRouting)),
  },
  { additionalProperties: false },
);
export type ChannelCreate = Static<typeof ChannelCreate>;

export const ChannelUpdate = Type.Object(
  {
    kind: Type.Optional(Type.String({ maxLength: 64, description: 'May be repeated, never changed.' })),
    name: Name,
    config: ChannelConfig,
    min_severity: Type.Optional(ChannelSeverity),
    enabled: Type.Optional(Type.Boolean()),
    escalation_only: Type.Optional(Type.Boolean()),
    routing: Type.Optional(Nullable(ChannelRouting)),
  },
  {
    additionalProperties: false,
    description: `Secrets left out or sent as "${keptSecret}" stay as they are.`,
  },
);
export type ChannelUpdate = Static<typeof ChannelUpdate>;

/** In a manifest a channel is known by its name; secrets left out stay as they are. */
export const ManifestChannel = ChannelCreate;
export type ManifestChannel = ChannelCreate;
export const manifestChannelsMax = 200;
export const ManifestChannels = Type.Array(ManifestChannel, { maxItems: manifestChannelsMax });

const channelFields = {
  id: Id,
  kind: Type.String(),
  name: Type.String(),
  config: Type.Record(Type.String(), Type.Unknown()),
  min_severity: Type.Enum([...severities]),
  enabled: Type.Boolean(),
  escalation_only: Type.Boolean(),
  /** null: told of everything, at any time. */
  routing: Nullable(ChannelRouting),
  managed_by: Nullable(
    Type.String({ description: '`environment`: created and controlled by variables of the server.' }),
  ),
  callback_url: Nullable(
    Type.String({
      description: 'Where its third party calls back when a button is pressed; null: its messages have none.',
    }),
  ),
  version: Type.Integer({ description: 'Increases with every change; the ETag of the channel.' }),
  created_at: Timestamp,
  updated_at: Timestamp,
};

export const Channel = Type.Object(channelFields);
export type Channel = Static<typeof Channel>;

const shownOnce = Type.Record(Type.String(), Type.String(), {
  description: 'Secrets created for you. They are shown only once.',
});

export const ChannelCreated = Type.Object({ ...channelFields, shown_once: Type.Optional(shownOnce) });
export type ChannelCreated = Static<typeof ChannelCreated>;

/** As read: with what came of the last message on it. */
export const ListedChannel = Type.Object({
  ...channelFields,
  last_result: Nullable(
    Type.Object({
      status: Type.Enum(['sent', 'failed']),
      at: Timestamp,
      reason: Nullable(Type.String()),
      answer: Nullable(Type.String({ description: "The receiver's own answer, trimmed." })),
    }),
  ),
});
export type ListedChannel = Static<typeof ListedChannel>;

export const ChannelPage = Page(ListedChannel);

export const ChannelSecrets = Type.Object({ shown_once: shownOnce });

export const ChannelTest = Type.Object({
  outcome: Type.Enum([...deliveryOutcomes], { description: 'The worst of the results.' }),
  reason: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String({ description: "The receiver's own answer." })),
  status: Type.Optional(Type.Integer()),
  duration_ms: Type.Optional(Type.Number()),
  results: Type.Array(
    Type.Object({
      recipient: Type.String(),
      outcome: Type.Enum([...deliveryOutcomes]),
      reason: Type.Optional(Type.String()),
      detail: Type.Optional(Type.String()),
      status: Type.Optional(Type.Integer({ description: "The status of the receiver's answer." })),
      duration_ms: Type.Number(),
    }),
  ),
});
export type ChannelTest = Static<typeof ChannelTest>;

export const ChannelKindDescription = Type.Object({
  kind: Type.String(),
  label: Type.String(),
  help: Type.String(),
  schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of `config`.' }),
  secrets: Type.Array(Type.String({ description: 'Fields that are written, never read.' })),
  generated: Type.Array(Type.String({ description: 'Secrets that are created when not sent.' })),
  available: Type.Boolean(),
  unavailable_reason: Nullable(Type.String()),
});
export type ChannelKindDescription = Static<typeof ChannelKindDescription>;

export const ChannelKinds = Type.Object({ data: Type.Array(ChannelKindDescription) });

export const NotificationQuery = Type.Object(
  {
    ...ListQuery.properties,
    alert: Type.Optional({ ...Id, description: 'What was told of this alert, and of its incident.' }),
    incident: Type.Optional({ ...Id, description: 'What was told of this incident.' }),
    channel: Type.Optional(Id),
    status: Type.Optional(Type.Enum([...notificationStatuses])),
    since: Type.Optional(Timestamp),
  },
  { additionalProperties: false },
);
export type NotificationQuery = Static<typeof NotificationQuery>;

export const Notification = Type.Object({
  id: Id,
  topic: Type.String({
    description:
      'Its topic: `incident`; `workflow` for messages of workflows; `recipient` for mails that ask for the confirmation of an address; `alert` in rows of older releases.',
  }),
  subject_id: Id,
  subject_title: Type.String(),
  alert_id: Nullable(Id),
  alert_title: Nullable(
    Type.String({
      description: 'The alert that it is all about; null: it is about several, or about something else.',
    }),
  ),
  transition_id: Id,
  transition: Type.String({
    description:
      'Of an incident: opened, unmuted, worsened, reopened, flapping, steadied, acknowledged, merged, escalated or resolved. Of a recipient: confirmation_asked.',
  }),
  channel_id: Nullable(Id),
  channel_kind: Nullable(Type.String()),
  channel_name: Nullable(Type.String()),
  recipient: Type.String(),
  status: Type.Enum([...notificationStatuses]),
  reason: Nullable(Type.String({ description: 'Why it was not sent, or the last failure.' })),
  message: Nullable(
    Type.Object({
      id: Id,
      told_together: Type.Integer({ description: 'The number of incidents in this message.' }),
      attempts: Type.Integer(),
      next_attempt_at: Nullable(Timestamp),
      answer_status: Nullable(Type.Integer()),
      answer: Nullable(Type.String({ description: "The receiver's last answer, trimmed." })),
    }),
  ),
  created_at: Timestamp,
  settled_at: Nullable(Timestamp),
});
export type Notification = Static<typeof Notification>;

export const NotificationPage = Page(Notification);
