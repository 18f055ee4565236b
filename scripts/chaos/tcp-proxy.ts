import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut, frozen and led elsewhere. */
export interface TcpProxy {
  readonly port: number;
  /** Connections are closed and new ones refused, as when the server is down. */
  cut(): void;
  /** Connections stay open, but nothing passes any more, as when a network swallows packets. */
  freeze(): void;
  /** Everything passes again. */
  mend(): void;
  /** New connections go to another port: the server has come back there. */
  leadTo(port: number): void;
  close(): Promise<void>;
}

/** Starts a proxy to `host:port` on a free port of this machine. */
export async function tcpProxy(host: string, port: number): Promise<TcpProxy> {
  let target = port;
  let state: 'open' | 'cut' | 'frozen' = 'open';
  const sockets = new Set<Socket>();
  const drop = (): void => sockets.forEach((socket) => socket.destroy());
  const server = createServer((client) => {
    if (state === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(target, host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        if (state === 'open') to.write(data);
      });
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      state = 'cut';
      drop();
    },
    leadTo: (next) => (target = next),
    freeze: () => (state = 'frozen'),
    // What was swallowed is gone, so connections that were frozen are of no use any more.
    mend: () => {
      if (state === 'frozen') drop();
      state = 'open';
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      drop();
      await closed;
    },
  };
}
