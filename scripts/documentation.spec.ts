import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RULE_FUNCTION_USAGES } from '@powerfill/core/rules';
import { VARIABLES } from '@powerfill/platform';

const root = resolve(__dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const decisions = readdirSync(join(root, 'docs', 'adr')).sort();
const PAGES = ['README.md', 'CONTRIBUTING.md', 'docs/desk-day.md', ...decisions.map((name) => `docs/adr/${name}`)];

/** Cells of the tables of a page, row by row, without the code marks. */
function tableRows(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split('|')
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

describe("the README's configuration table", () => {
  const rows = new Map(tableRows(read('README.md')).map(([name = '', ...cells]) => [name, cells]));

  it.each(Object.entries(VARIABLES))('has %s with its default and meaning', (name, variable) => {
    expect(rows.get(name)).toEqual([variable.default ?? '', variable.help]);
  });

  it('names no variable that does not exist', () => {
    const named = [...rows.keys()].filter((name) => /^[A-Z][A-Z_]+$/.test(name));
    expect(named.sort()).toEqual(Object.keys(VARIABLES).sort());
  });
});

describe('the documentation', () => {
  it('names only commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = PAGES.flatMap((page) =>
      [...read(page).matchAll(/npm run (?:-s )?([a-z]+)/g)].map(([, name]) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => name !== undefined && !(name in scripts))).toEqual([]);
  });

  it('lists every decision in the index', () => {
    const index = read('docs/adr/README.md');
    expect(decisions.filter((name) => name !== 'README.md' && !index.includes(`(${name})`))).toEqual([]);
  });

  it.each(PAGES)('links in %s only to files that exist', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target);
    const missing = targets
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it.each(PAGES)('names in %s only paths of the tree that exist', (page) => {
    const folders = 'apps|bench|docs|libs|migrations|samples|scripts|test';
    const named = [...read(page).matchAll(new RegExp(`\`((?:${folders})/[\\w./-]*)\``, 'g'))].map(
      ([, path = '']) => path,
    );
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('shows how every function of the rule language is called', () => {
    const page = read('libs/powerfill/src/rules/README.md');
    expect(RULE_FUNCTION_USAGES.length).toBeGreaterThan(10);
    expect(RULE_FUNCTION_USAGES.filter((usage) => !page.includes(usage))).toEqual([]);
  });
});
