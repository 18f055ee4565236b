import { readable } from './recorder';
import { REPORT_STATEMENTS } from './report-statements';

describe('T-SQL of the reports', () => {
  it.each(Object.entries(REPORT_STATEMENTS))('%s', async (_, statements) => {
    expect((await statements()).map(({ text }) => readable(text)).join(';\n\n')).toMatchSnapshot();
  });
});
