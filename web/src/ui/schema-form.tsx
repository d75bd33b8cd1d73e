import { useId, useState } from 'react';
import { SelectField, TextArea, TextField, Toggle } from './field';
import type { Draft } from './schema-draft';
import type { SchemaField } from './schema-fields';
import { unitMs } from './time-text';

export interface SchemaFormWords {
  optional: string;
  /** For spans of time: "e.g. 30s, 5m, 1h". */
  timeHelp: string;
  /** For lists: "One on each line." */
  listHelp: string;
  secretKept: string;
  secretGenerated: string;
}

interface SchemaFormProps {
  fields: readonly SchemaField[];
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** By path; the page's own and the server's. */
  errors: Readonly<Record<string, string>>;
  /** Also for fields that nobody has touched yet. */
  showAll?: boolean;
  words: SchemaFormWords;
  secrets?: readonly string[];
  kept?: readonly string[];
  generated?: readonly string[];
}

/** The settings of a kind, from its schema. Mistakes show once a field has been touched. */
export function SchemaForm(props: SchemaFormProps) {
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const touch = (path: string): void => setTouched((before) => new Set(before).add(path));
  return (
    <Fields
      {...props}
      isShown={(path) => props.showAll === true || touched.has(path)}
      onTouch={touch}
      className="grid gap-5"
    />
  );
}

interface FieldsProps extends SchemaFormProps {
  isShown: (path: string) => boolean;
  onTouch: (path: string) => void;
  className: string;
}

function Fields({ className, ...props }: FieldsProps) {
  return (
    <div className={className}>
      {props.fields.map((field) =>
        field.shape.type === 'group' ? (
          <fieldset key={field.path} className="min-w-0">
            <legend className="mb-3 text-2 font-semibold text-ink-2">{field.title}</legend>
            <Fields {...props} fields={field.shape.fields} className="grid gap-5 sm:grid-cols-2" />
          </fieldset>
        ) : (
          <OneField key={field.path} {...props} field={field} />
        ),
      )}
    </div>
  );
}

function helpOf({ field, words, kept = [], generated = [] }: OneFieldProps): string | undefined {
  const { shape, path, help } = field;
  if (kept.includes(path)) return [words.secretKept, help].filter((part) => part !== undefined).join(' ');
  const hints = [help];
  if (generated.includes(path) && help === undefined) hints.push(words.secretGenerated);
  if (shape.type === 'list') hints.push(words.listHelp);
  if (shape.type === 'number' && shape.unit !== undefined && unitMs(shape.unit) !== undefined)
    hints.push(words.timeHelp);
  const said = hints.filter((hint) => hint !== undefined);
  return said.length === 0 ? undefined : said.join(' ');
}

type OneFieldProps = Omit<FieldsProps, 'className' | 'fields'> & { field: SchemaField };

function OneField(props: OneFieldProps) {
  const { field, draft, onChange, errors, isShown, onTouch, secrets = [], kept = [], words } = props;
  const { shape, path } = field;
  const value = draft[path];
  const write = (next: string | boolean): void => {
    onTouch(path);
    onChange({ ...draft, [path]: next });
  };
  const help = helpOf(props);
  const isSecret = secrets.includes(path);
  const wiring = {
    label: field.title,
    ...(help === undefined ? {} : { help }),
    error: isShown(path) ? errors[path] : undefined,
    ...(field.required || kept.includes(path)
      ? {}
      : { aside: <span className="text-1 text-ink-3">{words.optional}</span> }),
    onBlur: () => onTouch(path),
  };
  if (shape.type === 'switch')
    return (
      <Toggle
        label={field.title}
        {...(help === undefined ? {} : { help })}
        checked={value === true}
        onChange={write}
      />
    );
  const entered = typeof value === 'string' ? value : '';
  if (shape.type === 'choice') {
    const { aside: _, ...select } = wiring;
    return (
      <SelectField {...select} value={entered} onChange={(event) => write(event.currentTarget.value)}>
        {field.required || entered === '' ? <option value="">–</option> : null}
        {shape.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </SelectField>
    );
  }
  if (shape.type === 'list')
    return (
      <TextArea
        {...wiring}
        spellCheck={false}
        placeholder={shape.item.example}
        value={entered}
        onChange={(event) => write(event.currentTarget.value)}
      />
    );
  return <LineField shape={shape} wiring={wiring} entered={entered} write={write} isSecret={isSecret} />;
}

interface LineFieldProps {
  shape: SchemaField['shape'];
  wiring: { label: string; onBlur: () => void };
  entered: string;
  write: (text: string) => void;
  isSecret: boolean;
}

/** One line: text, or a number with its unit beside it. */
function LineField({ shape, wiring, entered, write, isSecret }: LineFieldProps) {
  const listId = useId();
  const isNumber = shape.type === 'number';
  const unit =
    shape.type === 'number' && shape.unit !== undefined && unitMs(shape.unit) === undefined
      ? shape.unit
      : undefined;
  const suggestions = shape.type === 'text' ? shape.suggestions : [];
  const placeholder = shape.type === 'text' ? shape.example : undefined;
  return (
    <>
      <TextField
        {...wiring}
        {...(unit === undefined ? {} : { suffix: unit })}
        {...(suggestions.length === 0 ? {} : { list: listId })}
        {...(isNumber ? { inputMode: 'decimal' as const } : {})}
        // Not a password field: browsers would offer to keep it as the sign-in of this page.
        {...(isSecret ? { autoComplete: 'off', 'data-secret': true } : {})}
        placeholder={isSecret ? undefined : placeholder}
        autoCapitalize="none"
        spellCheck={false}
        value={entered}
        onChange={(event) => write(event.currentTarget.value)}
      />
      {suggestions.length === 0 ? null : (
        <datalist id={listId}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </>
  );
}
