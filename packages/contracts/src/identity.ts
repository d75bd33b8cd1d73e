import Type, { type Static } from 'typebox';
import { Id, ListQuery, Name, Nullable, Page, Slug, Timestamp } from './common.ts';
import { passwordLengthMin } from './password-rules.ts';
import { emailPattern } from './patterns.ts';
import { permissions, roles } from './vocabulary.ts';

export { passwordLengthMin } from './password-rules.ts';
export const passwordLengthMax = 256;

const closed = { additionalProperties: false } as const;

export const Email = Type.String({
  pattern: emailPattern,
  maxLength: 254,
  description: 'An e-mail address; upper and lower case are the same.',
});
/** The verb reports missing parts in words, so the schema only limits the length. */
export const NewPassword = Type.String({
  minLength: 1,
  maxLength: passwordLengthMax,
  description: `${passwordLengthMin} to ${passwordLengthMax} characters, a number and a special character among them.`,
});
/** A password that is checked, not chosen: only its size is bounded. */
const Password = Type.String({ minLength: 1, maxLength: passwordLengthMax });
const OneTimeToken = Type.String({ minLength: 1, maxLength: 128 });

export const RoleName = Type.Enum([...roles], { description: 'owner > admin > operator > viewer.' });
export const PermissionName = Type.Enum([...permissions]);

export const OrganizationParams = Type.Object(
  { org: Type.String({ minLength: 1, maxLength: 63, description: 'Slug or id of the organization.' }) },
  closed,
);
export const OrganizationItemParams = Type.Object({ ...OrganizationParams.properties, id: Id }, closed);

export const Organization = Type.Object({
  id: Id,
  slug: Slug,
  name: Type.String(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Organization = Static<typeof Organization>;
export const OrganizationPage = Page(Organization);
export const OrganizationCreate = Type.Object({ slug: Slug, name: Name }, closed);
export const OrganizationUpdate = Type.Object({ name: Name }, closed);

export const Member = Type.Object({
  id: Type.String({ format: 'uuid', description: 'Id of the user, or of the invitation.' }),
  email: Type.String(),
  name: Type.String(),
  role: RoleName,
  status: Type.Enum(['active', 'invited'], {
    description: '`invited`: has an invitation but has not joined, and has no access yet.',
  }),
  created_at: Timestamp,
  invited_until: Type.Union([Timestamp, Type.Null()], { description: 'When the invitation ends.' }),
});
export type Member = Static<typeof Member>;
export const MemberPage = Page(Member);
export const MemberCreate = Type.Object(
  {
    email: Email,
    role: RoleName,
    name: Type.Optional(Name),
  },
  closed,
);
export const MemberUpdate = Type.Object({ role: RoleName }, closed);
export const PasswordLink = Type.Object({
  url: Type.String({ description: 'Works once; give it to the person over a channel that you trust.' }),
  expires_at: Timestamp,
});
export type PasswordLink = Static<typeof PasswordLink>;
export const MemberCreated = Type.Object({
  ...Member.properties,
  invitation: Type.Object(PasswordLink.properties, {
    description: 'The link with which the person joins; shown once.',
  }),
  set_password: Type.Union([PasswordLink, Type.Null()], {
    description:
      'The same link, when it also creates the account. null when the address has an account: that person signs in and accepts.',
  }),
});
export type MemberCreated = Static<typeof MemberCreated>;

export const ApiKey = Type.Object({
  id: Id,
  name: Type.String(),
  prefix: Type.String({ description: 'The first characters of the key, to recognise it.' }),
  scopes: Type.Array(PermissionName),
  created_by: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
  created_at: Timestamp,
  expires_at: Nullable(Timestamp),
  last_used_at: Type.Union([Timestamp, Type.Null()], { description: 'To the minute.' }),
});
export type ApiKey = Static<typeof ApiKey>;
export const ApiKeyPage = Page(ApiKey);
export const ApiKeyCreate = Type.Object(
  {
    name: Name,
    scopes: Type.Array(PermissionName, { minItems: 1, maxItems: permissions.length, uniqueItems: true }),
    expires_at: Type.Optional(Timestamp),
  },
  closed,
);
export const ApiKeyCreated = Type.Object({
  ...ApiKey.properties,
  key: Type.String({ description: 'Shown once; only its hash is kept.' }),
});
export type ApiKeyCreated = Static<typeof ApiKeyCreated>;

export const AuditEntry = Type.Object({
  id: Id,
  at: Timestamp,
  actor: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
  action: Type.String({ description: 'noun.verb in the past tense, e.g. member.added.' }),
  target: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
  before: Type.Unknown({ description: 'The state before, without secrets; null when it did not exist.' }),
  after: Type.Unknown({ description: 'The state after, without secrets; null when it was deleted.' }),
  request_id: Type.String(),
  ip: Nullable(Type.String()),
});
export type AuditEntry = Static<typeof AuditEntry>;
export const AuditPage = Page(AuditEntry);
const filter = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }));
const auditFilters = {
  action: filter('Exactly this action, or all of a noun: `member`.'),
  target: filter('Kind, id or name of the changed item.'),
  actor: filter('Kind, id or name of the actor.'),
  since: Type.Optional(Timestamp),
  until: Type.Optional(Timestamp),
};
export const AuditQuery = Type.Object({ ...ListQuery.properties, ...auditFilters }, closed);
export type AuditQuery = Static<typeof AuditQuery>;

/** More than this in one file is a matter of narrower dates. */
export const auditExportMax = 50_000;
export const auditExportFormats = ['csv', 'json'] as const;
export type AuditExportFormat = (typeof auditExportFormats)[number];
export const AuditExportQuery = Type.Object(
  { format: Type.Enum([...auditExportFormats]), ...auditFilters },
  closed,
);
export type AuditExportQuery = Static<typeof AuditExportQuery>;

const MyOrganization = Type.Object({
  id: Id,
  slug: Slug,
  name: Type.String(),
  role: Type.Union([RoleName, Type.Null()], {
    description: 'null: not a member; acts by provider scope or key.',
  }),
  permissions: Type.Array(PermissionName),
});
export const Me = Type.Object({
  caller: Type.Object({ kind: Type.Enum(['user', 'api_key']), id: Type.String(), name: Type.String() }),
  user: Nullable(Type.Object({ id: Id, email: Type.String(), name: Type.String() })),
  provider: Type.Boolean({ description: 'May act in every organization and create new ones.' }),
  organizations: Type.Array(MyOrganization),
});
export type Me = Static<typeof Me>;

export const SetupState = Type.Object({
  needed: Type.Boolean({
    description: 'No user exists yet: the first owner uses the link in the log.',
  }),
});
export const SetupRequest = Type.Object(
  { token: OneTimeToken, name: Name, email: Email, password: NewPassword },
  closed,
);
export const SetPasswordRequest = Type.Object(
  {
    token: OneTimeToken,
    password: NewPassword,
    name: Type.Optional(Type.String({ ...Name, description: 'Name of the person; only for an invitation.' })),
  },
  closed,
);
export const LinkRequest = Type.Object({ token: OneTimeToken }, closed);
const InvitedTo = Type.Object({ slug: Type.String(), name: Type.String() });
const invitationFields = {
  id: Id,
  organization: InvitedTo,
  role: RoleName,
  invited_by: Type.String({ description: 'Name of the inviting person.' }),
};
export const LinkFacts = Type.Object({
  email: Type.String({ description: 'Whose link it is.' }),
  invitation: Nullable(Type.Object(invitationFields)),
  has_account: Type.Boolean({ description: 'false: the link creates the account, with a password.' }),
});
export type LinkFacts = Static<typeof LinkFacts>;
export const MyInvitation = Type.Object({
  ...invitationFields,
  created_at: Timestamp,
  expires_at: Timestamp,
});
export type MyInvitation = Static<typeof MyInvitation>;
export const MyInvitationList = Type.Object({ data: Type.Array(MyInvitation) });
export const AcceptedInvitation = Type.Object({ organization: InvitedTo });

export const SignInRequest = Type.Object(
  {
    email: Type.String({ minLength: 1, maxLength: 254 }),
    password: Password,
    remember_me: Type.Optional(
      Type.Boolean({ default: true, description: 'false: the cookie ends with the browser session.' }),
    ),
  },
  closed,
);
export const SignedIn = Type.Object({
  user: Type.Object({ id: Id, email: Type.String(), name: Type.String() }),
});
export type SignedIn = Static<typeof SignedIn>;
export const SessionItem = Type.Object({
  id: Id,
  current: Type.Boolean({ description: 'The session of this request.' }),
  created_at: Timestamp,
  expires_at: Timestamp,
  ip: Nullable(Type.String()),
  user_agent: Nullable(Type.String()),
});
export type SessionItem = Static<typeof SessionItem>;
export const SessionList = Type.Object({ data: Type.Array(SessionItem) });
export const SessionParams = Type.Object({ id: Id }, closed);
export const ChangePasswordRequest = Type.Object(
  { current_password: Password, new_password: NewPassword },
  closed,
);

export const TokenRequest = Type.Object(
  {
    email: Type.String({ minLength: 1, maxLength: 254 }),
    password: Password,
    code: Type.Optional(
      Type.String({
        maxLength: 16,
        description: 'Code of a second factor; ignored for accounts without one.',
      }),
    ),
  },
  closed,
);
export const TokenAnswer = Type.Object({
  token: Type.String({ description: 'A JWT: send it as `Authorization: Bearer <token>`.' }),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds.' }),
});
