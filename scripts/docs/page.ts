/** Commands of a page, and what it shows of their answers. */
export interface PagePart {
  /** Line of the page on which the commands begin. */
  readonly line: number;
  readonly commands: string;
  readonly shown: string;
}

/** The parts of a page: blocks of `sh`, each group with the block of `text` behind it. */
export function pageParts(page: string): PagePart[] {
  const parts: PagePart[] = [];
  let commands = '';
  let line = 0;
  for (const match of page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)) {
    const [, language, content = ''] = match;
    if (language === 'sh') {
      if (commands === '') line = page.slice(0, match.index).split('\n').length;
      commands += content;
    } else if (language === 'text') {
      parts.push({ line, commands, shown: content });
      commands = '';
    }
  }
  return parts;
}
