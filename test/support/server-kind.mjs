/**
 * What the server of a URL is, by its own word: a server that speaks SQL Server's protocol need not be one.
 *
 * @returns {Promise<'postgres' | 'sql server' | 'babelfish'>}
 */
export async function serverKind(url) {
  if (!url.startsWith('mssql:')) return 'postgres';
  const { default: mssql } = await import('mssql');
  const { hostname, port, username, password } = new URL(url);
  const pool = await new mssql.ConnectionPool({
    server: hostname,
    port: Number(port || 1433),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    options: { trustServerCertificate: true },
  }).connect();
  try {
    const { recordset } = await pool.query("SELECT CAST(SERVERPROPERTY('babelfish') AS int) AS babelfish");
    return recordset[0].babelfish === 1 ? 'babelfish' : 'sql server';
  } finally {
    await pool.close();
  }
}
