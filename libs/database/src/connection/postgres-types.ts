import { types } from 'pg';

const INT8 = 20;
const DATE = 1082;

const asText = (value: string): string => value;

/**
 * Parsers of one connection: a date stays the text `YYYY-MM-DD`, since the driver's own parser makes it local
 * midnight and so shifts it by the process's time zone; counts come as numbers. Numeric stays text as it is.
 */
export const postgresTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (format !== 'binary') {
      if (oid === DATE) return asText;
      if (oid === INT8) return Number;
    }
    return types.getTypeParser(oid, format);
  },
};
