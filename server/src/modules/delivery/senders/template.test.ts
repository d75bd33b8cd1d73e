import { describe, expect, it } from 'vitest';
import { printTemplate, templateFault, templateOutputMax } from './template.ts';

const data = {
  title: 'Bay 3 is "offline"',
  organization: { name: 'Northern Golf' },
  lines: ['Where: Bay 3', 'Severity: high'],
  nothing: null,
  count: 0,
  alerts: Array.from({ length: 25 }, (_, index) => ({ id: index })),
};
const print = (template: string, given: object = data) => printTemplate(template, given, String);

it.each([
  ['a name', '{{title}}', 'Bay 3 is "offline"'],
  ['a path', '{{organization.name}}', 'Northern Golf'],
  ['a list', '{{#lines}}<{{.}}>{{/lines}}', '<Where: Bay 3><Severity: high>'],
  [
    'the outside from within a section',
    '{{#organization}}{{name}} {{count}}{{/organization}}',
    'Northern Golf 0',
  ],
  ['nothing for what is not there', '[{{nothing}}{{missing}}{{missing.deeper}}]', '[]'],
  ['the other branch', '{{^nothing}}none{{/nothing}}{{#nothing}}some{{/nothing}}', 'none'],
  ['a number', '{{count}} {{lines.length}}', '0 2'],
  ['JSON of an object', '{{{organization}}}', '{"name":"Northern Golf"}'],
])('prints %s', (_name, template, expected) => {
  expect(print(template)).toBe(expected);
});

it('writes values as the type of the body wants them, except in three braces', () => {
  const asJson = (text: string) => JSON.stringify(text).slice(1, -1);
  expect(printTemplate('{"t":"{{title}}"}', data, asJson)).toBe('{"t":"Bay 3 is \\"offline\\""}');
  expect(printTemplate('{{{title}}}', data, asJson)).toBe('Bay 3 is "offline"');
});

it.each([
  '{{constructor}}',
  '{{title.constructor}}',
  '{{title.constructor.__proto__.constructor}}',
  '{{lines.map}}',
  '{{#constructor.constructor}}return process{{/constructor.constructor}}',
  '{{__proto__.constructor}}',
  '{{hasOwnProperty}}',
])('finds nothing behind the data: %s', (template) => {
  expect(print(template)).toBe('');
});

it('calls no function that is in the data', () => {
  const given = { run: () => 'called', toJSON: undefined };
  expect(print('[{{run}}{{#run}}x{{/run}}]', given)).toBe('[]');
});

describe('a template that does too much', () => {
  it('is stopped when it prints a megabyte', () => {
    const long = { text: 'x'.repeat(10_000), alerts: data.alerts };
    expect(() => print('{{#alerts}}{{#alerts}}{{text}}{{/alerts}}{{/alerts}}', long)).toThrow(
      `prints more than ${templateOutputMax} characters`,
    );
  });

  it('is stopped when it would never end, though it prints nothing', () => {
    const depth = 200;
    const template = '{{#alerts}}'.repeat(depth) + '{{/alerts}}'.repeat(depth);
    expect(() => print(template)).toThrow('steps');
  });
});

it.each([
  ['{{#lines}}', 'Unclosed section "lines" at 10'],
  ['{{title', 'Unclosed tag at 7'],
  ['{{/lines}}', 'Unopened section "lines" at 0'],
  ['{{> other}}', 'Templates cannot load other templates or change the marks of tags.'],
  ['{{#lines}}{{> other}}{{/lines}}', 'Templates cannot load other templates or change the marks of tags.'],
  ['{{=<% %>=}}', 'Templates cannot load other templates or change the marks of tags.'],
])('refuses %s, and says where', (template, fault) => {
  expect(templateFault(template)).toBe(fault);
});

it('takes a template without a fault', () => {
  expect(templateFault('{{#lines}}{{.}}{{/lines}}')).toBeUndefined();
});
