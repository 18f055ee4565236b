import { isIPv4 } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import { PROBLEM_JSON } from '../http/problem';

/** Whether an address is this machine's own. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

/**
 * Lets only this machine in, as long as there is no authentication: the dashboard shows every tenant's jobs. The
 * address is the socket's own, no header can change it.
 */
export function loopbackOnly(request: Request, response: Response, next: NextFunction): void {
  if (isLoopback(request.socket.remoteAddress)) {
    next();
    return;
  }
  const detail = 'The queue dashboard answers only on the machine itself.';
  response
    .status(403)
    .type(PROBLEM_JSON)
    .send(JSON.stringify({ type: 'urn:powerfill:problem:loopback_only', title: 'Not from here', status: 403, detail }));
}
