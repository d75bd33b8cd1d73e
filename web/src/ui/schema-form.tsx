import { type ReactNode, useId, useState } from 'react';
import { Button } from './button';
import { SelectField, TextArea, TextField, Toggle } from './field';
import { CloseIcon, PlusIcon } from './icons';
import type { Draft, DraftRow, DraftValue } from './schema-draft';
import type { SchemaField } from './schema-fields';
import { unitMs } from './time-text';

export interface SchemaFormWords {
  optional: string;
  /** For spans of time: "e.g. 30s, 5m, 1h". */
  timeHelp: string;
  /** For lists: "One on each line." */
  listHelp: string;
  /** For names with values: "Name: value, one on each line." */
  pairsHelp: string;
  addRow: string;
  removeRow: (n: number) => string;
  /** Over what few need. */
  more: string;
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
  const first = props.fields.filter((field) => !field.advanced);
  const folded = props.fields.filter((field) => field.advanced);
  const common = {
    ...props,
    isShown: (path: string) => props.showAll === true || touched.has(path),
    onTouch: touch,
    className: 'grid gap-5',
  };
  const isUsed = folded.some(
    ({ path, fallback }) => isSet(props.draft[path], fallback) || path in props.errors,
  );
  return (
    <div className="grid gap-5">
      <Fields {...common} fields={first} />
      {folded.length === 0 ? null : (
        <Folded label={props.words.more} isOpen={isUsed}>
          <Fields {...common} fields={folded} />
        </Folded>
      )}
    </div>
  );
}

function isSet(value: DraftValue | undefined, fallback: unknown): boolean {
  if (value === undefined || value === '' || value === false) return false;
  if (typeof value === 'object') return value.length > 0;
  return String(value) !== String(fallback);
}

/** Opens by itself when something in it is set, and never closes by itself. */
function Folded({ label, isOpen, children }: { label: string; isOpen: boolean; children: ReactNode }) {
  const [open, setOpen] = useState(isOpen);
  return (
    <details open={open || isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="text-2 font-medium text-accent">{label}</summary>
      <div className="mt-4">{children}</div>
    </details>
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
  if (shape.type === 'pairs') hints.push(words.pairsHelp);
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
  const write = (next: DraftValue): void => {
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
      : { aside: <span className="shrink-0 text-1 text-ink-3">{words.optional}</span> }),
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
  if (shape.type === 'rows')
    return (
      <RowsField
        {...props}
        columns={shape.columns}
        rows={typeof value === 'object' ? value : []}
        write={write}
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
  if (shape.type === 'list' || shape.type === 'pairs' || (shape.type === 'text' && shape.isLong))
    return (
      <TextArea
        {...wiring}
        spellCheck={false}
        autoComplete="off"
        placeholder={shape.type === 'list' ? shape.item.example : undefined}
        value={entered}
        onChange={(event) => write(event.currentTarget.value)}
      />
    );
  return <LineField shape={shape} wiring={wiring} entered={entered} write={write} isSecret={isSecret} />;
}

type RowsFieldProps = OneFieldProps & {
  columns: readonly SchemaField[];
  rows: readonly DraftRow[];
  write: (rows: readonly DraftRow[]) => void;
};

/** Several of the same, each on a line of its own. */
function RowsField({ field, columns, rows, write, words, errors, isShown }: RowsFieldProps) {
  const error = isShown(field.path) ? rowsError(errors, field.path) : undefined;
  const change = (index: number, name: string, text: string): void =>
    write(rows.map((row, at) => (at === index ? { ...row, [name]: text } : row)));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-2 font-medium">{field.title}</legend>
      <div className="grid gap-2">
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is nothing but its place
          <div key={index} className="flex items-start gap-2">
            <div className="grid min-w-0 flex-1 gap-2 sm:grid-cols-2">
              {columns.map((column) => (
                <TextField
                  key={column.name}
                  label={`${column.title} ${index + 1}`}
                  hideLabel
                  placeholder={column.title}
                  autoCapitalize="none"
                  autoComplete="off"
                  spellCheck={false}
                  value={row[column.name] ?? ''}
                  onChange={(event) => change(index, column.name, event.currentTarget.value)}
                />
              ))}
            </div>
            <Button
              variant="quiet"
              aria-label={words.removeRow(index + 1)}
              className="px-2.5"
              onClick={() => write(rows.filter((_, at) => at !== index))}
            >
              <CloseIcon size={16} />
            </Button>
          </div>
        ))}
        {error === undefined ? null : <p className="text-1 font-medium text-problem">{error}</p>}
        <div className="flex flex-wrap items-center gap-x-4">
          <Button onClick={() => write([...rows, {}])}>
            <PlusIcon size={16} /> {words.addRow}
          </Button>
          <span className="text-1 text-ink-3">
            {columns
              .map(({ help }) => help)
              .filter((help) => help !== undefined)
              .join(' ')}
          </span>
        </div>
      </div>
    </fieldset>
  );
}

/** The server names the field of a row: `json.0.path`. */
function rowsError(errors: Readonly<Record<string, string>>, path: string): string | undefined {
  return errors[path] ?? Object.entries(errors).find(([name]) => name.startsWith(`${path}.`))?.[1];
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
