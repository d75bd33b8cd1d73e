import { expect, test } from 'vitest';
import { ledgerSentence } from './ledger-sentence';

const names = new Map([['dana@club.example', 'Dana']]);
const mail = {
  status: 'sent',
  transition: 'opened',
  recipient: 'Dana@club.example',
  channel_id: '01a1fd21-72eb-7499-a839-b076e4b89dfb',
  channel_kind: 'email',
  channel_name: 'Front desk',
} as const;

test('a person is shown by the name of the member with that address', () => {
  expect(ledgerSentence(mail, names)).toBe('Dana was told by e-mail');
});

test('an address that belongs to no member is shown itself', () => {
  expect(ledgerSentence({ ...mail, recipient: 'night@club.example', status: 'failed' }, names)).toBe(
    'night@club.example could not be told by e-mail',
  );
});

test('a channel other than mail is shown by its name, with the message it got', () => {
  const slack = {
    ...mail,
    channel_kind: 'slack',
    channel_name: 'Slack #operations',
    recipient: 'hooks.slack.com',
  };
  expect(ledgerSentence({ ...slack, transition: 'resolved' }, names)).toBe(
    'Slack #operations was told that it was resolved',
  );
});

test('somebody who asked to be told has no channel', () => {
  const asked = {
    ...mail,
    transition: 'confirmation_asked',
    recipient: 'ada@x.test',
    channel_id: null,
  } as const;
  expect(ledgerSentence({ ...asked, channel_name: null }, names)).toBe(
    'ada@x.test was told by e-mail that the address is to be confirmed',
  );
});

test('without a channel nobody was told', () => {
  const nobody = {
    ...mail,
    status: 'not_sent',
    recipient: '',
    channel_id: null,
    channel_kind: null,
  } as const;
  expect(ledgerSentence(nobody, names)).toBe('Nobody was told');
});
