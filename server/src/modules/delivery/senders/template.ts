import Mustache from 'mustache';

/** A tag, a text between tags, or a section that is begun counts as one step. */
export const templateStepsMax = 20_000;
/** UTF-16 code units of what a template prints. */
export const templateOutputMax = 65_536;

/** A template that cannot be used, or prints too much; the message is for the operator. */
export class TemplateFault extends Error {}

/** How a value is written so that it cannot end the text in which it stands. */
export type Escape = (text: string) => string;

/** Why a text is no template; undefined: it is one. */
export function templateFault(template: string): string | undefined {
  try {
    parse(template);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Prints data through a Mustache template, which has no logic beyond "if there is one" and "for each". It reads only
 * own fields of plain data, calls no function, loads no other template, and ends within its bounds.
 * @throws TemplateFault
 */
export function printTemplate(template: string, data: object, write: Escape): string {
  const writer = new BoundedWriter(write);
  parse(template);
  try {
    return writer.render(template, new PlainContext(data));
  } catch (error) {
    if (error instanceof TemplateFault) throw error;
    throw new TemplateFault('The template cannot be printed.', { cause: error });
  }
}

/** @throws TemplateFault */
function parse(template: string): void {
  let tags: readonly (readonly unknown[])[];
  try {
    tags = flat(new BoundedWriter(String).parse(template));
  } catch (error) {
    throw new TemplateFault(error instanceof Error ? error.message : 'It is not a template.');
  }
  if (tags.some(([symbol]) => symbol === '>' || symbol === '='))
    throw new TemplateFault('Templates cannot load other templates or change the marks of tags.');
}

/** All tokens, also those within sections, which stand at the fifth place. */
function flat(tokens: unknown): unknown[][] {
  if (!Array.isArray(tokens)) return [];
  return tokens.flatMap((token: unknown[]) => [token, ...flat(Array.isArray(token[4]) ? token[4] : [])]);
}

/** Looks names up as the specification of Mustache says, in own fields only. */
class PlainContext extends Mustache.Context {
  override push(view: unknown): PlainContext {
    return new PlainContext(view, this);
  }

  override lookup(name: string): unknown {
    if (name === '.') return this.view;
    const [first = '', ...rest] = name.split('.');
    let within: Mustache.Context | undefined = this;
    while (within !== undefined && ownField(within.view, first) === undefined) within = within.parent;
    return [first, ...rest].reduce<unknown>(ownField, within?.view);
  }
}

function ownField(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'function' ? undefined : field;
}

/** Counts each step and each character before it is kept. */
class BoundedWriter extends Mustache.Writer {
  // A template is parsed for each message; the library's own store of them has no bound.
  readonly templateCache = undefined;
  private steps = 0;
  private printed = 0;

  private readonly write: Escape;

  constructor(write: Escape) {
    super();
    this.write = write;
  }

  override renderTokens(...args: Parameters<Mustache.Writer['renderTokens']>): string {
    this.steps += 1 + args[0].length;
    if (this.steps > templateStepsMax)
      throw new TemplateFault(`The template takes more than ${templateStepsMax} steps.`);
    return super.renderTokens(...args);
  }

  override rawValue([, text = '']: string[]): string {
    return this.count(text);
  }

  override escapedValue([, name = '']: string[], context: Mustache.Context): string {
    return this.count(this.write(wordsOf(context.lookup(name))));
  }

  override unescapedValue([, name = '']: string[], context: Mustache.Context): string {
    return this.count(wordsOf(context.lookup(name)));
  }

  private count(text: string): string {
    this.printed += text.length;
    if (this.printed > templateOutputMax)
      throw new TemplateFault(`The template prints more than ${templateOutputMax} characters.`);
    return text;
  }
}

function wordsOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
