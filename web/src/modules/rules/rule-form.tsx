import type { RuleBody, RuleKindDescription } from '@watchkeeper/contracts/rules';
import { type ReactNode, useState } from 'react';
import { configErrors, serverErrors } from '../../api/field-errors';
import { messageOf } from '../../api/problem';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { TextField } from '../../ui/field';
import { Notice } from '../../ui/notice';
import type { SchemaField } from '../../ui/schema-fields';
import { SchemaForm } from '../../ui/schema-form';
import { ConsequenceFields } from './consequence-fields';
import { type RuleDraft, readRuleDraft } from './rule-draft';
import { ScopeFields } from './scope-fields';
import { TrialPanel } from './trial-panel';

type Body = Omit<RuleBody, 'enabled'>;

interface RuleFormProps {
  draft: RuleDraft;
  onChange: (draft: RuleDraft) => void;
  kind: RuleKindDescription | undefined;
  fields: readonly SchemaField[];
  /** The server's answer to the last attempt. */
  error: unknown;
  /** The page's own buttons; `submit` hands over the settings once they are right. */
  buttons: (submit: (then: (body: Body) => void) => void) => ReactNode;
}

/** The settings on one side, what they would have done on the other. */
export function RuleForm({ draft, onChange, kind, fields, error, buttons }: RuleFormProps) {
  const [tried, setTried] = useState(false);
  const [answeredFor, setAnsweredFor] = useState<RuleDraft>();
  const { body, errors: own } = readRuleDraft(draft, fields, { ...t.schemaForm, ...t.rule });
  // The server's word counts for what was sent; a change is judged anew.
  const fromServer = answeredFor === draft ? serverErrors(error) : {};
  const errors = { ...fromServer, ...own };
  const mistakes = Object.keys(own).length;

  function submit(then: (settings: Body) => void): void {
    setTried(true);
    setAnsweredFor(draft);
    if (mistakes === 0) then(body);
  }

  const shown = tried ? errors : {};
  const set = (change: Partial<RuleDraft>): void => onChange({ ...draft, ...change });
  return (
    <form
      noValidate
      onSubmit={(event) => event.preventDefault()}
      className="mt-6 grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]"
    >
      <div className="grid gap-4">
        <Panel title={t.rule.what}>
          <div className="grid gap-5">
            <TextField
              label={t.rule.name}
              required
              maxLength={200}
              value={draft.name}
              error={shown.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
            />
            <SchemaForm
              fields={fields}
              draft={draft.config}
              onChange={(config) => set({ config })}
              errors={configErrors(errors)}
              showAll={tried}
              words={t.schemaForm}
            />
          </div>
        </Panel>
        <Panel title={t.rule.where}>
          <ScopeFields draft={draft} onChange={set} errors={shown} isAboutDevices={isAboutDevices(kind)} />
        </Panel>
        <Panel title={t.rule.consequence}>
          <ConsequenceFields draft={draft} onChange={set} errors={shown} />
        </Panel>
        <div>
          {tried && mistakes > 0 ? (
            <p role="alert" className="mb-3 text-2 font-medium text-problem">
              {t.schemaForm.mistakes(mistakes)}
            </p>
          ) : null}
          {mistakes === 0 && error !== null && answeredFor === draft ? (
            <Notice tone="attention" role="alert" className="mb-3">
              {messageOf(error)}
            </Notice>
          ) : null}
          <div className="flex flex-wrap gap-2">{buttons(submit)}</div>
        </div>
      </div>
      <TrialPanel body={body} isComplete={mistakes === 0} onIncomplete={() => setTried(true)} />
    </form>
  );
}

/** Only rules about devices alone may be narrowed to a device type. */
function isAboutDevices(kind: RuleKindDescription | undefined): boolean {
  return kind?.subjects.every((subject) => subject === 'device') === true;
}
