import { useState } from 'react';
import { t } from '../messages';
import { PickField, PickMany } from '../ui/pick-field';
import { draftOf, readDraft } from '../ui/schema-draft';
import { fieldsOfSchema } from '../ui/schema-fields';
import { SchemaForm } from '../ui/schema-form';
import { Switch } from '../ui/switch';
import { Sample } from './sample';

const fields = fieldsOfSchema({
  type: 'object',
  required: ['metric', 'operator', 'threshold', 'to', 'token', 'secret'],
  properties: {
    metric: {
      type: 'string',
      title: 'Metric',
      description: 'A number of the heartbeat.',
      examples: ['cpu_usage', 'disk_usage'],
    },
    condition: {
      type: 'object',
      title: 'Condition',
      required: ['operator', 'threshold'],
      properties: {
        operator: { enum: ['>', '<'], labels: { '>': 'above', '<': 'below' }, default: '>', title: 'Is' },
        threshold: { type: 'number', minimum: 0, maximum: 100, unit: '%', title: 'Threshold' },
      },
    },
    window: { type: 'integer', minimum: 1, maximum: 1440, default: 60, unit: 'min', title: 'Within' },
    to: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', examples: ['ops@example.com'] },
      title: 'Recipients',
    },
    token: { type: 'string', title: 'Token', description: 'A secret that is set already.' },
    secret: { type: 'string', title: 'Signing secret' },
    headers: {
      type: 'object',
      patternProperties: { '^[A-Za-z-]+$': { type: 'string' } },
      title: 'Headers',
    },
    json: {
      type: 'array',
      title: 'JSON of the answer',
      items: {
        type: 'object',
        required: ['path'],
        properties: {
          path: { type: 'string', title: 'Path', description: 'e.g. $.status' },
          equals: { anyOf: [{ type: 'string' }, { type: 'number' }], title: 'Equals' },
        },
      },
    },
    certificate: { type: 'string', maxLength: 20_000, title: 'Own certificate authority', advanced: true },
    own_hours: { type: 'boolean', default: true, title: 'Use the site’s own opening hours' },
  },
});
const options = { secrets: ['token', 'secret'], kept: ['token'], generated: ['secret'] };

export function FormSamples() {
  const [draft, setDraft] = useState(() => draftOf(fields, {}, options));
  const [on, setOn] = useState(true);
  const { errors } = readDraft(fields, draft, t.schemaForm, options);
  return (
    <>
      <Sample title="A form from a schema">
        <SchemaForm
          fields={fields}
          draft={draft}
          onChange={setDraft}
          errors={errors}
          words={t.schemaForm}
          {...options}
        />
      </Sample>
      <Sample title="The same with every mistake shown">
        <SchemaForm
          fields={fields.slice(0, 2)}
          draft={{ ...draft, metric: '', 'condition.threshold': '120' }}
          onChange={setDraft}
          errors={{ metric: t.schemaForm.required, 'condition.threshold': t.schemaForm.max('100 %') }}
          showAll
          words={t.schemaForm}
        />
      </Sample>
      <Sample title="One of many, several of many">
        <Picks />
      </Sample>
      <Sample title="Switches">
        <div className="flex gap-6">
          <Switch label="A switch" words={{ on: 'On', off: 'Off' }} checked={on} onChange={setOn} />
          <Switch
            label="Another switch"
            words={{ on: 'On', off: 'Off' }}
            checked={!on}
            onChange={(off) => setOn(!off)}
          />
        </div>
      </Sample>
    </>
  );
}

const devices = ['Bay 1 PC', 'Bay 2 PC', 'Gate 1', 'Till'].map((label) => ({ id: label, label }));

function Picks() {
  const [one, setOne] = useState('Gate 1');
  const [many, setMany] = useState<readonly string[]>(['Bay 1 PC', 'Till']);
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <PickField
        label="Device"
        help="Type part of its name."
        notFound={t.check.notInList}
        options={devices}
        status={(count) => `${count} to choose from`}
        value={one}
        onChange={setOne}
      />
      <PickMany
        label="Devices"
        notFound={t.check.notInList}
        options={devices}
        status={(count) => `${count} to choose from`}
        values={many}
        nameOf={(value) => value}
        chosenLabel="Chosen devices"
        removeLabel={t.check.remove}
        onChange={setMany}
      />
    </div>
  );
}
