import { ConnectionSettingError } from '../errors';
import { parseConnectionUrl } from './settings';

describe('a connection URL', () => {
  it('names driver, server and database, with encoded characters and default ports', () => {
    expect(parseConnectionUrl('postgres://desk:p%40ss@db.example/lender')).toEqual({
      driver: 'postgres',
      connection: { host: 'db.example', port: 5432, user: 'desk', password: 'p@ss', database: 'lender' },
    });
    expect(parseConnectionUrl('mssql://sa:x@h:1444/d?encrypt=true&trustServerCertificate=true')).toEqual({
      driver: 'mssql',
      connection: {
        host: 'h',
        port: 1444,
        user: 'sa',
        password: 'x',
        database: 'd',
        encrypt: true,
        trustServerCertificate: true,
      },
    });
  });

  it.each(['nonsense', 'mysql://u:secret@h/d', 'postgres://u:secret@h', 'mssql://u:secret@h/d?encrypt=maybe'])(
    'is refused as %s without repeating its password',
    (url) => {
      expect(() => parseConnectionUrl(url)).toThrow(ConnectionSettingError);
      expect(() => parseConnectionUrl(url)).not.toThrow(/secret/);
    },
  );
});
