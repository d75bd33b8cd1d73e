import type { DeviceType } from '@watchkeeper/contracts/inventory';
import { type FormEvent, useState } from 'react';
import { api } from '../../../api/client';
import { answered, fieldMessages } from '../../../api/problem';
import { ifMatch, isChangedMeanwhile } from '../../../api/versions';
import { ChangedMeanwhile } from '../../../app/changed-meanwhile';
import { useOrg } from '../../../app/session';
import { useToast } from '../../../app/toast';
import { toSlug } from '../../../lib/slug';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { TextField } from '../../../ui/field';
import { FormError } from '../form-error';
import { useWrite } from '../use-write';

/** Good for most devices: checked every minute, and down after three failures in a row. */
const suggested = {
  name: '',
  slug: '',
  check_interval: '60',
  timeout: '5',
  retries: '2',
  alert_after_failures: '3',
  recover_after_successes: '2',
  check_method: 'icmp',
};
type Draft = typeof suggested;
type Field = keyof Draft;

function draftOf(type: DeviceType): Draft {
  return {
    name: type.name,
    slug: type.slug,
    check_interval: String(type.check_interval),
    timeout: String(type.timeout),
    retries: String(type.retries),
    alert_after_failures: String(type.alert_after_failures),
    recover_after_successes: String(type.recover_after_successes),
    check_method: type.check_method,
  };
}

function bodyOf(draft: Draft) {
  return {
    name: draft.name.trim(),
    slug: draft.slug.trim(),
    check_interval: Number(draft.check_interval),
    timeout: Number(draft.timeout),
    retries: Number(draft.retries),
    alert_after_failures: Number(draft.alert_after_failures),
    recover_after_successes: Number(draft.recover_after_successes),
    check_method: draft.check_method.trim(),
  };
}

function useSave(before: DeviceType | undefined, onDone: () => void) {
  const { org } = useOrg();
  const say = useToast();
  const words = t.settings.deviceTypes;
  return useWrite({
    write: (body: ReturnType<typeof bodyOf>) =>
      answered<DeviceType>(
        before === undefined
          ? api.POST('/api/v1/{org}/device-types', { params: { path: { org } }, body })
          : api.PUT('/api/v1/{org}/device-types/{type}', {
              params: { path: { org, type: before.slug } },
              headers: ifMatch(before),
              body,
            }),
      ),
    reads: ['deviceTypes'],
    onDone: (saved) => {
      say({ tone: 'ok', text: before === undefined ? words.added(saved.name) : words.saved(saved.name) });
      onDone();
    },
  });
}

interface DeviceTypeFormProps {
  before: DeviceType | undefined;
  onDone: () => void;
}

export function DeviceTypeForm({ before, onDone }: DeviceTypeFormProps) {
  const words = t.settings.deviceTypes;
  const [draft, setDraft] = useState<Draft>(() => (before === undefined ? suggested : draftOf(before)));
  const [slugTouched, setSlugTouched] = useState(before !== undefined);
  const save = useSave(before, onDone);
  const errors = fieldMessages(save.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending) save.mutate(bodyOf(draft));
  }
  const bind = (field: Field) => ({
    required: true,
    value: draft[field],
    error: errors[field],
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      setDraft({ ...draft, [field]: event.currentTarget.value }),
  });
  const number = { type: 'number', inputMode: 'decimal', step: 'any' } as const;
  const whole = { type: 'number', inputMode: 'numeric', step: 1 } as const;

  return (
    <form onSubmit={submit} className="grid gap-4">
      <TextField
        {...bind('name')}
        label={words.name}
        maxLength={200}
        onChange={(event) => {
          const name = event.currentTarget.value;
          setDraft({ ...draft, name, slug: slugTouched ? draft.slug : toSlug(name) });
        }}
      />
      <TextField
        {...bind('slug')}
        label={words.slug}
        help={words.slugHelp}
        maxLength={63}
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => {
          setSlugTouched(true);
          setDraft({ ...draft, slug: event.currentTarget.value });
        }}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          {...bind('check_interval')}
          {...number}
          label={words.interval}
          help={words.seconds}
          min={0.2}
        />
        <TextField
          {...bind('timeout')}
          {...number}
          label={words.timeout}
          help={words.timeoutHelp}
          min={0.05}
        />
        <TextField
          {...bind('alert_after_failures')}
          {...whole}
          label={words.failures}
          help={words.failuresHelp}
          min={1}
        />
        <TextField
          {...bind('recover_after_successes')}
          {...whole}
          label={words.successes}
          help={words.successesHelp}
          min={1}
        />
        <TextField
          {...bind('retries')}
          {...whole}
          label={words.retries}
          help={words.retriesHelp}
          min={0}
          max={20}
        />
        <TextField
          {...bind('check_method')}
          label={words.method}
          help={words.methodHelp}
          autoCapitalize="none"
          spellCheck={false}
        />
      </div>
      {isChangedMeanwhile(save.error) ? (
        <ChangedMeanwhile onReload={onDone} />
      ) : (
        <FormError error={save.error} fields={Object.keys(suggested)} />
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={save.isPending}>
          {before === undefined ? words.submitAdd : t.settings.save}
        </Button>
        <Button variant="quiet" onClick={onDone}>
          {t.action.cancel}
        </Button>
      </div>
    </form>
  );
}
