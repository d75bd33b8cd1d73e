import { useState } from 'react';
import { t } from '../messages';
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
