import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createDataSource } from './data-source';

/** A message of PostgreSQL's protocol: type, length including itself, body. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const TERMINATED = message(
  'E',
  Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'),
);

it('a session that ends in the packet that announces it fails its user and not the process', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, TERMINATED])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dataSource = createDataSource({
    settings: {
      driver: 'postgres',
      schema: 'public',
      connection: { host: '127.0.0.1', port, user: 'x', password: 'x', database: 'x' },
    },
    tables: [],
  });
  try {
    await expect(dataSource.initialize()).rejects.toThrow(/terminat|not queryable/);
  } finally {
    server.close();
  }
});
