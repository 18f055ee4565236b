import type { RunEvent } from '@powerfill/core/runs/run-events';
import type { Watcher } from '@powerfill/core/runs/run-watches';
import type { Response } from 'express';

/** A comment so often keeps proxies from closing a silent stream. */
const HEARTBEAT_MS = 15_000;
/** A client that leaves so much unread is let go; it may come back. */
const UNREAD_BYTES = 1_048_576;
/** After a break, clients come back this fast. */
const RETRY_MS = 2_000;
/** Id of the last event. A browser that comes back with it is answered 204, which ends its reconnecting. */
export const END_ID = 'end';

/** Server-sent events to one client (HTML standard, 9.2). */
export class EventStream implements Watcher {
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly response: Response) {
    response.status(200);
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    response.setHeader('Cache-Control', 'no-cache, no-transform');
    response.setHeader('X-Accel-Buffering', 'no');
    response.flushHeaders();
    this.write(`retry: ${RETRY_MS}\n\n`);
    this.heartbeat = setInterval(() => this.write(': still here\n\n'), HEARTBEAT_MS);
    response.once('close', () => clearInterval(this.heartbeat));
  }

  tell({ event, data }: RunEvent): void {
    const id = event === 'end' ? `id: ${END_ID}\n` : '';
    this.write(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  close(): void {
    this.response.end();
  }

  private write(text: string): void {
    if (this.response.writableEnded) return;
    this.response.write(text);
    if (this.response.writableLength > UNREAD_BYTES) this.response.destroy();
  }
}
