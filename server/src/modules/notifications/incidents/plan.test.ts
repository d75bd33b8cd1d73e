import { describe, expect, it } from 'vitest';
import type { PlannedRow, Reach, Told } from '#modules/delivery';
import type { IncidentTransition } from './change.ts';
import { sampleIncident } from './messages.fixture.ts';
import { planNotifications, recoveredFirst } from './plan.ts';

function channel(over: Partial<Reach> = {}): Reach {
  return {
    id: 'c1',
    kind: 'email',
    name: 'Ops',
    minSeverity: 'low',
    escalationOnly: false,
    routing: null,
    closedReason: undefined,
    recipients: [{ label: 'ops@x.test', identity: 'ops@x.test' }],
    ...over,
  };
}

function transition(over: Partial<IncidentTransition> = {}): IncidentTransition {
  const kind = over.kind ?? 'opened';
  return {
    id: `t-${kind}`,
    subjectId: 'a1',
    kind,
    severity: 'high',
    status: kind === 'resolved' ? 'resolved' : 'open',
    mutedBy: null,
    mutedReason: null,
    flapping: false,
    snoozed: false,
    byHand: false,
    adopted: false,
    over: false,
    into: null,
    tells: [],
    escalateTo: [],
    facts: sampleIncident({ transition: kind }),
    ...over,
  };
}

function told(over: Partial<Told> = {}): Told {
  return {
    subjectId: 'a1',
    kind: 'opened',
    channelId: 'c1',
    channelKind: 'email',
    channelName: 'Ops',
    recipient: 'ops@x.test',
    status: 'sent',
    reason: null,
    maybeDelivered: false,
    ...over,
  };
}

function plan(
  one: IncidentTransition,
  channels: Reach[],
  known: Told[] = [],
): [string, string | undefined][] {
  const rows = planNotifications({ transitions: [one], channels, told: known, now });
  return rows.map((row: PlannedRow) => [row.recipient, row.notSent]);
}

/** A Friday, 05:15 in Halifax. */
const now = new Date('2026-11-20T09:15:01Z');
const [night] = [{ label: 'night@x.test', identity: 'night@x.test' }];

describe('an opening', () => {
  it('is told to every recipient of every channel', () => {
    const slack = channel({
      id: 'c2',
      kind: 'slack',
      name: 'Slack',
      recipients: [{ label: 'hooks', identity: 'u' }],
    });
    const email = channel({ recipients: [{ label: 'a@x.test', identity: 'a@x.test' }, night] });
    expect(plan(transition(), [email, slack])).toEqual([
      ['a@x.test', undefined],
      ['night@x.test', undefined],
      ['hooks', undefined],
    ]);
  });

  it.each([
    [
      'of a site that the channel is not told of',
      channel({ routing: { matchers: [{ name: 'site', op: 'is', value: 'truro' }], hours: null } }),
      {},
      'The channel is told only of site truro; here it is dartmouth.',
    ],
    [
      'outside the hours of the channel',
      channel({
        routing: {
          matchers: [],
          hours: { weekdays: ['friday'], from: '08:00', to: '18:00', timezone: null },
        },
      }),
      {},
      'Outside the hours of the channel: friday 08:00 to 18:00, America/Halifax.',
    ],
    [
      'below the minimum severity',
      channel({ minSeverity: 'critical' }),
      {},
      "Below the channel's minimum severity: high, told from critical on.",
    ],
    [
      'on a closed channel',
      channel({ closedReason: 'The channel is switched off.' }),
      {},
      'The channel is switched off.',
    ],
    [
      'on a channel for escalations',
      channel({ escalationOnly: true }),
      {},
      'The channel is told of escalations only.',
    ],
    [
      'of a suppressed alert',
      channel(),
      { mutedBy: 'maintenance', mutedReason: 'New switches' },
      'Suppressed (maintenance): New switches',
    ],
    [
      'of an alert under an outage of ours',
      channel(),
      { mutedBy: 'outage_of_ours' },
      'Suppressed (outage of ours).',
    ],
    ['of a resolved alert', channel(), { status: 'resolved' }, recoveredFirst],
  ])('%s is not sent, with the reason', (_name, where, over, reason) => {
    expect(plan(transition(over), [where])).toEqual([['ops@x.test', reason]]);
  });

  it('is told at exactly the minimum severity', () => {
    expect(plan(transition(), [channel({ minSeverity: 'high' })])).toEqual([['ops@x.test', undefined]]);
  });

  it('is told once to an address that is in two channels', () => {
    const second = channel({ id: 'c2', name: 'Second' });
    expect(plan(transition(), [channel(), second])).toEqual([
      ['ops@x.test', undefined],
      ['ops@x.test', 'Duplicate: the channel "Ops" tells the same recipient.'],
    ]);
  });

  it('is told on the second channel when the first one does not take it', () => {
    const strict = channel({ minSeverity: 'critical' });
    expect(plan(transition(), [strict, channel({ id: 'c2' })])[1]).toEqual(['ops@x.test', undefined]);
  });

  it('leaves a row when there is nobody to tell', () => {
    expect(plan(transition(), [])).toEqual([['', 'No channel is set up.']]);
  });
});

describe('an opening under a rule that names channels', () => {
  const slack = channel({
    id: '0198c0de-0000-7000-8000-000000000001',
    kind: 'slack',
    name: 'Night shift',
    recipients: [{ label: 'hook', identity: 'h' }],
  });
  const both = [channel(), slack];
  const only = (...tells: string[]) => plan(transition({ tells }), both);

  it.each([
    ['a name', 'night SHIFT'],
    ['an id', slack.id],
    ['a kind', 'SLACK'],
  ])('by %s is told only on these, and the ledger says so for the others', (_how, word) => {
    const said = word === slack.id ? 'Night shift' : word;
    expect(only(word)).toEqual([
      ['ops@x.test', `The rule tells only ${said}.`],
      ['hook', undefined],
    ]);
  });

  it('does not override the purpose of a channel', () => {
    const strict = channel({ minSeverity: 'critical' });
    expect(plan(transition({ tells: ['Ops'] }), [strict])).toEqual([
      ['ops@x.test', "Below the channel's minimum severity: high, told from critical on."],
    ]);
  });

  it('is told to nobody else when they are only the console', () => {
    expect(only('DASHBOARD')).toEqual([
      ['ops@x.test', 'The rule tells only DASHBOARD.'],
      ['hook', 'The rule tells only DASHBOARD.'],
    ]);
    const screens = channel({ id: 'c3', kind: 'console', name: 'Screens' });
    expect(plan(transition({ tells: ['Dashboard'] }), [screens])).toEqual([['ops@x.test', undefined]]);
  });

  it('is told on the others when one is deleted, and leaves a row that names it', () => {
    expect(only('EMAIL', 'Boss')).toEqual([
      ['ops@x.test', undefined],
      ['hook', 'The rule tells only EMAIL, Boss.'],
      ['', 'The rule tells channels that do not exist: Boss.'],
    ]);
  });

  it('is told to everybody else when one is deleted and the other is switched off', () => {
    const off = channel({ closedReason: 'The channel is switched off.' });
    expect(plan(transition({ tells: ['EMAIL', 'Boss'] }), [off, slack])).toEqual([
      ['ops@x.test', 'The channel is switched off.'],
      ['hook', undefined],
      ['', 'The rule tells channels that do not exist: Boss; all others stand in.'],
    ]);
  });

  it.each([['WEBHOOK'], ['0198c0de-0000-7000-8000-000000000009']])(
    'is told to everybody when none of them exists: %s',
    (word) => {
      const said = word === 'WEBHOOK' ? word : `a deleted one (${word})`;
      expect(only(word, 'DASHBOARD')).toEqual([
        ['ops@x.test', undefined],
        ['hook', undefined],
        ['', `The rule tells channels that do not exist: ${said}; all others stand in.`],
      ]);
    },
  );
});

describe('the end of a suppression', () => {
  const unsuppressed = transition({ kind: 'unmuted' });

  it('is told like an opening to those who had not been told', () => {
    expect(plan(unsuppressed, [channel()], [told({ status: 'not_sent', reason: 'Suppressed.' })])).toEqual([
      ['ops@x.test', undefined],
    ]);
  });

  it('stays quiet for those who were told before', () => {
    expect(plan(unsuppressed, [channel()], [told()])).toEqual([
      ['ops@x.test', 'They were told when it opened.'],
    ]);
  });

  it('stays quiet when somebody has acknowledged it', () => {
    const acknowledged = transition({ kind: 'unmuted', status: 'acknowledged' });
    expect(plan(acknowledged, [channel()])).toEqual([
      ['ops@x.test', 'Somebody had already acknowledged it.'],
    ]);
  });
});

describe('an undone resolution', () => {
  const reopened = transition({ kind: 'reopened' });

  it('is not told again to those who know of the alert', () => {
    expect(plan(reopened, [channel()], [told()])).toEqual([['ops@x.test', 'They were told when it opened.']]);
  });

  it('is told to those whose opening was withdrawn because it had been resolved', () => {
    expect(plan(reopened, [channel()], [told({ status: 'not_sent', reason: recoveredFirst })])).toEqual([
      ['ops@x.test', undefined],
    ]);
  });

  it('withdraws a resolution that was not told yet', () => {
    const resolved = transition({ kind: 'resolved', status: 'open' });
    expect(plan(resolved, [channel()], [told()])).toEqual([
      ['ops@x.test', 'It was taken back before it was told.'],
    ]);
  });
});

describe('an undone acknowledgement', () => {
  it('is told to nobody', () => {
    expect(plan(transition({ kind: 'unacknowledged' }), [channel()], [told()])).toEqual([]);
  });
});

describe('a resolution', () => {
  const resolved = transition({ kind: 'resolved' });

  it.each(['sent', 'pending'])('is told to those whose opening is %s', (status) => {
    expect(plan(resolved, [channel()], [told({ status })])).toEqual([['ops@x.test', undefined]]);
  });

  it('is told when the opening failed but may have arrived', () => {
    expect(plan(resolved, [channel()], [told({ status: 'failed', maybeDelivered: true })])).toEqual([
      ['ops@x.test', undefined],
    ]);
  });

  it('is told to an escalation channel whose opening was not sent', () => {
    const known = [told({ status: 'not_sent', reason: 'Escalations only.' }), told()];
    expect(plan(resolved, [channel()], known)).toEqual([['ops@x.test', undefined]]);
  });

  it('is not told to those who were never told of the opening, for the same reason', () => {
    expect(plan(resolved, [channel()], [told({ status: 'not_sent', reason: 'Too light.' })])).toEqual([
      ['ops@x.test', 'They were not told of the opening: Too light.'],
    ]);
  });

  it('is not told when it comes before its opening, and neither is the opening', () => {
    expect(plan(resolved, [channel()])).toEqual([['ops@x.test', recoveredFirst]]);
    expect(plan(transition({ status: 'resolved' }), [channel()])).toEqual([['ops@x.test', recoveredFirst]]);
  });

  it('names the channel that was deleted or switched off since', () => {
    expect(plan(resolved, [], [told()])).toEqual([['ops@x.test', 'The channel was deleted.']]);
    expect(plan(resolved, [channel({ closedReason: 'Off.' })], [told()])).toEqual([['ops@x.test', 'Off.']]);
  });

  it('does not reach a recipient who joined after the opening', () => {
    const wider = channel({ recipients: [{ label: 'ops@x.test', identity: 'ops@x.test' }, night] });
    expect(plan(resolved, [wider], [told()])).toEqual([['ops@x.test', undefined]]);
  });
});

describe('an escalation', () => {
  const boss = channel({
    id: 'c2',
    name: 'Boss',
    escalationOnly: true,
    minSeverity: 'critical',
    recipients: [night],
  });
  const escalated = transition({ kind: 'escalated', escalateTo: ['c2'] });

  it('goes to the channels that the rule names, whatever their minimum severity', () => {
    expect(plan(escalated, [channel(), boss], [told()])).toEqual([['night@x.test', undefined]]);
  });

  it('also finds a channel by its name', () => {
    expect(plan(transition({ kind: 'escalated', escalateTo: ['boss'] }), [boss])).toEqual([
      ['night@x.test', undefined],
    ]);
  });

  it('reminds those who were told when the rule names nobody', () => {
    expect(plan(transition({ kind: 'escalated' }), [channel(), boss], [told()])).toEqual([
      ['ops@x.test', undefined],
    ]);
  });

  it('to a kind goes to every channel of that kind', () => {
    expect(plan(transition({ kind: 'escalated', escalateTo: ['EMAIL'] }), [channel(), boss])).toEqual([
      ['ops@x.test', undefined],
      ['night@x.test', undefined],
    ]);
  });

  it('reminds those who were told when none of its channels exists', () => {
    const lost = transition({ kind: 'escalated', escalateTo: ['SLACK'] });
    expect(plan(lost, [channel(), boss], [told()])).toEqual([
      ['ops@x.test', undefined],
      ['', 'The rule escalates to channels that do not exist: SLACK.'],
    ]);
  });

  it('to only the console is told to nobody else', () => {
    expect(plan(transition({ kind: 'escalated', escalateTo: ['dashboard'] }), [channel()], [told()])).toEqual(
      [['', 'The rule escalates to the console, which shows every alert.']],
    );
  });

  it.each([
    ['resolved', 'It recovered before the escalation was told.'],
    ['acknowledged', 'It was acknowledged before the escalation was told.'],
  ])('comes too late for an alert that is %s', (status, reason) => {
    expect(plan(transition({ kind: 'escalated', escalateTo: ['c2'], status }), [boss])).toEqual([
      ['night@x.test', reason],
    ]);
  });

  it('to a channel that is gone, of what nobody was told, goes to all others and leaves a row that names it', () => {
    const lost = transition({ kind: 'escalated', escalateTo: ['c9'] });
    expect(plan(lost, [channel(), boss])).toEqual([
      ['ops@x.test', undefined],
      ['night@x.test', undefined],
      ['', 'The rule escalates to channels that do not exist: c9; all others stand in.'],
    ]);
  });

  it('to a channel that is gone goes to all others when those who were told cannot be reached any more', () => {
    const off = channel({ closedReason: 'The channel is switched off.' });
    expect(plan(transition({ kind: 'escalated', escalateTo: ['c9'] }), [off, boss], [told()])).toEqual([
      ['ops@x.test', 'The channel is switched off.'],
      ['night@x.test', undefined],
      ['', 'The rule escalates to channels that do not exist: c9; all others stand in.'],
    ]);
  });

  it('to a channel that is gone, with no other that reaches somebody, leaves a row that names it', () => {
    expect(plan(transition({ kind: 'escalated', escalateTo: ['c9'] }), [])).toEqual([
      ['', 'The rule escalates to channels that do not exist: c9.'],
    ]);
  });
});

it('records an acknowledgement for those who were told, and sends nothing', () => {
  const acknowledged = transition({ kind: 'acknowledged', status: 'acknowledged' });
  expect(plan(acknowledged, [channel()], [told(), told({ recipient: 'b', status: 'not_sent' })])).toEqual([
    ['ops@x.test', 'Acknowledgements are recorded, not sent.'],
  ]);
});

it('plans nothing for other transitions', () => {
  expect(plan(transition({ kind: 'suppressed' }), [channel()])).toEqual([]);
});

describe('what an incident does besides opening and ending', () => {
  const sent = told();
  const ended = told({ kind: 'resolved' });
  const one = (over: Partial<IncidentTransition>, known: Told[]) =>
    plan(transition(over), [channel()], known);

  it('is told again when it opens again after its end was told, and not when nobody heard of that end', () => {
    expect(one({ kind: 'reopened' }, [sent, ended])).toEqual([['ops@x.test', undefined]]);
    expect(one({ kind: 'reopened' }, [sent])).toEqual([['ops@x.test', 'They were told when it opened.']]);
  });

  it('is told once when it flaps, instead of each return', () => {
    expect(one({ kind: 'reopened', flapping: true }, [sent, ended])).toEqual([
      ['ops@x.test', 'It comes and goes, which is told instead.'],
    ]);
    expect(one({ kind: 'flapping', flapping: true }, [sent, ended])).toEqual([['ops@x.test', undefined]]);
  });

  it('is told when it holds still and is still there; when it is over, its end is told alone', () => {
    expect(one({ kind: 'steadied' }, [sent])).toEqual([['ops@x.test', undefined]]);
    expect(one({ kind: 'steadied', over: true }, [sent])).toEqual([]);
  });

  it('is told of its end once', () => {
    expect(one({ kind: 'resolved' }, [sent, ended])).toEqual([
      ['ops@x.test', 'They were told of its end before.'],
    ]);
  });

  it('is quiet while it is snoozed, unless it gets worse, and is told again when the snooze runs out', () => {
    const quiet = 'It is snoozed; they hear of it when the snooze is over.';
    expect(one({ kind: 'unmuted', snoozed: true }, [])).toEqual([['ops@x.test', quiet]]);
    expect(one({ kind: 'flapping', snoozed: true }, [sent])).toEqual([['ops@x.test', quiet]]);
    expect(one({ kind: 'worsened', snoozed: true }, [])).toEqual([['ops@x.test', undefined]]);
    expect(one({ kind: 'snooze_ended' }, [sent])).toEqual([['ops@x.test', undefined]]);
    expect(one({ kind: 'snooze_ended' }, [])).toEqual([['ops@x.test', undefined]]);
    expect(one({ kind: 'snooze_ended', byHand: true }, [sent])).toEqual([]);
  });

  it('is told to nobody when a person takes the end back', () => {
    expect(one({ kind: 'reopened', byHand: true }, [sent, ended])).toEqual([
      ['ops@x.test', 'They were told when it opened.'],
    ]);
  });

  it('is told to nobody again when the release before told of its alerts', () => {
    expect(one({ adopted: true }, [])).toEqual([]);
  });

  it('tells those whose minimum severity it reaches now, and nobody twice', () => {
    const worse = { kind: 'worsened', severity: 'critical' } as const;
    expect(one(worse, [])).toEqual([['ops@x.test', undefined]]);
    expect(one(worse, [sent])).toEqual([['ops@x.test', 'They were told when it opened.']]);
  });

  it('is not told apart any more when it became part of another', () => {
    expect(one({ kind: 'merged', into: 7 }, [sent])).toEqual([
      ['ops@x.test', 'It became part of #7, whose messages follow.'],
    ]);
  });
});
