/** Finds the SQL in one of our source files, and the tables that it names, without a parser for either language. */

/** A part of a file that is probably SQL. `${...}` in it has become `$`. */
export interface SqlText {
  readonly text: string;
  readonly line: number;
}

export interface NamedTable {
  readonly table: string;
  readonly line: number;
}

interface Literal extends SqlText {
  /** The code just before it, which shows whether it is tagged `sql` or passed to a query builder. */
  readonly before: string;
}

const beforeLength = 80;
const taggedSql = /\bsql(?:<[^`]*>)?$/;
const rawSql = /\bsql\s*\.\s*raw\(\s*$/;
const beginsAsSql = /^\s*\(?\s*(?:with|select|insert into|update|delete from|truncate|lock table)\b/;
const takesTable =
  /(?:\.(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto|innerJoin|leftJoin|rightJoin|fullJoin|crossJoin|using|from)|\bsql\s*\.\s*(?:table|id))\(\s*\[?\s*(?:'[^']*'\s*,\s*)*$/;
/** The table's name is elsewhere in the file. */
const choosesTable = /\bsql\s*\.\s*(?:table|id)\(\s*[^'"`\s]/;
/** A clock rule has its table as a value. */
const isTableOf = /\btable:\s*$/;

/** Every table that this source names where SQL or a query builder expects a table. */
export function tablesIn(source: string, isTable: (name: string) => boolean): NamedTable[] {
  const isChosen = choosesTable.test(source);
  return literalsOf(source).flatMap((literal) => {
    const { before, text, line } = literal;
    if (isChosen && isTable(text)) return [{ table: text, line }];
    if (takesTable.test(before) || isTableOf.test(before)) {
      const table = /^\s*(?:public\.)?(\w+)/.exec(text)?.[1] ?? '';
      return isTable(table) ? [{ table, line }] : [];
    }
    if (!taggedSql.test(before) && !rawSql.test(before) && !beginsAsSql.test(text)) return [];
    return tablesOfSql(literal, isTable);
  });
}

const opensList = new Set(['from', 'join', 'into', 'update', 'using', 'table', 'truncate']);
const closesList = new Set(
  'where group order limit offset union except intersect returning set window having select for fetch'.split(
    ' ',
  ),
);
const passedOver = new Set(['only', 'lateral', 'public', '.']);

interface Level {
  /** Between `from` and the next clause, a comma is followed by another table. */
  inList: boolean;
  /** The next word is a table. */
  expects: boolean;
}

function tablesOfSql({ text, line }: SqlText, isTable: (name: string) => boolean): NamedTable[] {
  const own = namesOfCtes(text);
  const found: NamedTable[] = [];
  let level: Level = { inList: false, expects: true };
  const outer: Level[] = [];
  let before = '';
  for (const { 0: token, index } of plainSql(text).matchAll(/[a-z_][a-z0-9_]*|[(),.$]/gi)) {
    const word = token.toLowerCase();
    if (token === '(') {
      outer.push({ ...level, expects: false });
      level = { inList: level.expects, expects: level.expects };
    } else if (token === ')') {
      level = outer.pop() ?? { inList: false, expects: false };
    } else if (token === ',') {
      level.expects = level.inList;
    } else if (opensList.has(word)) {
      const isComparison = word === 'from' && before === 'distinct';
      const isList = word === 'from' || word === 'using' || (word === 'join' && level.inList);
      if (!isComparison) level = { inList: isList, expects: true };
    } else if (closesList.has(word)) {
      level = { inList: false, expects: false };
    } else if (level.expects && !passedOver.has(word)) {
      if (isTable(word) && !own.has(word)) found.push({ table: word, line: line + linesIn(text, index) });
      level.expects = false;
    }
    before = word;
  }
  return found;
}

/** Without comments and quoted values, which cannot name tables. All positions stay the same. */
function plainSql(text: string): string {
  return text.replace(/--[^\n]*|'(?:[^']|'')*'/g, (part) => ' '.repeat(part.length));
}

function namesOfCtes(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/\b(\w+)\s+as\s+(?:not\s+)?(?:materialized\s+)?\(/gi)].map(([, name = '']) =>
      name.toLowerCase(),
    ),
  );
}

function linesIn(text: string, end: number): number {
  return text.slice(0, end).split('\n').length - 1;
}

/** All string and template literals of a file, including those within `${...}`. */
export function literalsOf(source: string): Literal[] {
  const found: Literal[] = [];
  let index = 0;
  scanCode(false);
  return found;

  /** Reads code until its end, or until the `}` that closes a `${`. */
  function scanCode(isInserted: boolean): void {
    let depth = 0;
    while (index < source.length) {
      const rest = source.slice(index, index + 2);
      const character = source[index] ?? '';
      if (rest === '//') skipTo('\n');
      else if (rest === '/*') skipTo('*/');
      else if (character === '/' && startsRegex()) skipRegex();
      else if (character === "'" || character === '"') readString(character);
      else if (character === '`') readTemplate();
      else {
        if (character === '{') depth += 1;
        if (character === '}') {
          if (isInserted && depth === 0) return;
          depth -= 1;
        }
        index += 1;
      }
    }
  }

  function skipTo(end: string): void {
    const at = source.indexOf(end, index + 2);
    index = at < 0 ? source.length : at + end.length;
  }

  function startsRegex(): boolean {
    return /(?:^|[=(,:[!&|?{};]|\breturn|=>)\s*$/.test(source.slice(Math.max(0, index - 20), index));
  }

  function skipRegex(): void {
    let inClass = false;
    for (index += 1; index < source.length; index += 1) {
      const character = source[index];
      if (character === '\\') index += 1;
      else if (character === '[') inClass = true;
      else if (character === ']') inClass = false;
      else if ((character === '/' && !inClass) || character === '\n') break;
    }
    index += 1;
  }

  function readString(quote: string): void {
    const start = index;
    for (index += 1; index < source.length && source[index] !== quote; index += 1)
      if (source[index] === '\\') index += 1;
    keep(start, source.slice(start + 1, index));
    index += 1;
  }

  function readTemplate(): void {
    const start = index;
    let text = '';
    for (index += 1; index < source.length && source[index] !== '`'; index += 1) {
      if (source[index] === '\\') {
        text += '  ';
        index += 1;
      } else if (source.startsWith('${', index)) {
        const from = index;
        index += 2;
        scanCode(true);
        text += `$${source.slice(from, index).replace(/[^\n]/g, '')}`;
      } else text += source[index];
    }
    keep(start, text);
    index += 1;
  }

  function keep(start: number, text: string): void {
    const before = source.slice(Math.max(0, start - beforeLength), start);
    found.push({ text, line: linesIn(source, start) + 1, before });
  }
}
