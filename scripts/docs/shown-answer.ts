/** A value as a page shows it: JSON in which `…` stands for what is left out. */
export type Shown =
  | { readonly kind: 'text' | 'plain'; readonly value: unknown }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Shown>; readonly isCut: boolean }
  | { readonly kind: 'list'; readonly items: readonly Shown[]; readonly isCut: boolean }
  /** A line that is no JSON, such as one of a CSV. */
  | { readonly kind: 'line'; readonly value: string }
  /** Any number of answers that are not shown. */
  | { readonly kind: 'skipped' };

const CUT = '…';

/** Reads what a page shows of the answers to its commands. @throws {SyntaxError} naming the place */
export function readShown(text: string): Shown[] {
  const reader = new Reader(text);
  const found: Shown[] = [];
  while (reader.skipBlanks()) found.push(reader.next());
  return found;
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** @returns whether anything is left */
  skipBlanks(): boolean {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
    return this.at < this.text.length;
  }

  next(): Shown {
    if ('{['.includes(this.text[this.at] ?? '')) return this.value();
    const end = this.text.indexOf('\n', this.at);
    const line = this.text.slice(this.at, end < 0 ? undefined : end).trimEnd();
    this.at += line.length;
    return line === CUT ? { kind: 'skipped' } : { kind: 'line', value: line };
  }

  private value(): Shown {
    if (this.takes('{')) return this.object();
    if (this.takes('[')) return this.list();
    const match = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y;
    match.lastIndex = this.at;
    const [token] = match.exec(this.text) ?? [];
    if (token === undefined) throw new SyntaxError(`no JSON at "${this.text.slice(this.at, this.at + 40)}"`);
    this.at += token.length;
    return { kind: token.startsWith('"') ? 'text' : 'plain', value: JSON.parse(token) };
  }

  private object(): Shown {
    const members = new Map<string, Shown>();
    let isCut = false;
    while (!this.takes('}')) {
      if (this.takes(CUT)) isCut = true;
      else {
        const name = this.value();
        if (name.kind !== 'text' || !this.takes(':')) throw new SyntaxError(`no member at ${String(this.at)}`);
        this.skipBlanks();
        members.set(name.value as string, this.value());
      }
      this.takes(',');
    }
    return { kind: 'object', members, isCut };
  }

  private list(): Shown {
    const items: Shown[] = [];
    let isCut = false;
    while (!this.takes(']')) {
      if (this.takes(CUT)) isCut = true;
      else items.push(this.value());
      this.takes(',');
    }
    return { kind: 'list', items, isCut };
  }

  private takes(character: string): boolean {
    this.skipBlanks();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    this.skipBlanks();
    return true;
  }
}

/** What differs from one call to the next stands for any other of its kind: ids and times. */
const timeless = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-(?:…|[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>');

function isText(shown: string, real: string): boolean {
  const parts = timeless(shown).split(CUT);
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*');
  return new RegExp(`^${pattern}$`).test(timeless(real));
}

/** Where a shown value is not the real one, as lines `path: shown, but is real`; none when it is. */
export function differences(shown: Shown, real: unknown, path = '$'): string[] {
  const differs = (what: unknown): string[] => [
    `${path}: shown ${JSON.stringify(what)}, but is ${JSON.stringify(real)}`,
  ];
  switch (shown.kind) {
    case 'skipped':
      return [];
    case 'line':
    case 'text':
      return typeof real === 'string' && isText(shown.value as string, real) ? [] : differs(shown.value);
    case 'plain':
      return shown.value === real ? [] : differs(shown.value);
    case 'list': {
      if (!Array.isArray(real)) return differs('a list');
      const count = shown.items.length;
      const isLong = shown.isCut ? real.length >= count : real.length === count;
      if (!isLong) return [`${path}: shown ${String(count)} items, but there are ${String(real.length)}`];
      return shown.items.flatMap((item, at) => differences(item, real[at], `${path}[${String(at)}]`));
    }
    case 'object': {
      if (typeof real !== 'object' || real === null || Array.isArray(real)) return differs('an object');
      const members = real as Readonly<Record<string, unknown>>;
      const missing = shown.isCut ? [] : Object.keys(members).filter((name) => !shown.members.has(name));
      return [
        ...missing.map((name) => `${path}.${name}: not shown, and no … in its place`),
        ...[...shown.members].flatMap(([name, value]) => differences(value, members[name], `${path}.${name}`)),
      ];
    }
  }
}

/** Compares what a page shows with all answers, in order; answers nobody shows must be skipped with a line `…`. */
export function faultsOf(shown: readonly Shown[], real: readonly unknown[]): string[] {
  const [first, ...rest] = shown;
  if (first === undefined) return real.length === 0 ? [] : [`${String(real.length)} more answers are not shown`];
  if (first.kind === 'skipped') {
    const [next] = rest;
    if (next === undefined) return [];
    // They go on with the first answer that fits; when none does, the last ones are held against what is shown.
    const fitting = real.findIndex((answer) => differences(next, answer).length === 0);
    return faultsOf(rest, real.slice(fitting < 0 ? Math.max(0, real.length - rest.length) : fitting));
  }
  if (real.length === 0) return ['an answer is shown that did not come'];
  return [...differences(first, real[0]), ...faultsOf(rest, real.slice(1))];
}

/** The answers in the output of commands: a line of JSON each, or other lines as they stand. */
export const readAnswers = (output: string): unknown[] =>
  output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line): unknown => (/^[[{]/.test(line) ? JSON.parse(line) : line));
