import { PassThrough, type Readable } from 'node:stream';
import type { Request } from 'express';
import { HttpProblem } from '../http/problem';

/** Largest file of an upload, as data.md says. */
export const MAX_UPLOAD_BYTES = 100 * 1024 * 1024;

/** Media types a file may have, and what its bytes are. */
const CONTENTS = {
  'text/csv': 'text',
  'text/tab-separated-values': 'text',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
} as const;
export const UPLOAD_TYPES = Object.keys(CONTENTS) as readonly (keyof typeof CONTENTS)[];

/** The file in a request's body. */
export interface UploadedFile {
  readonly content: 'text' | 'xlsx';
  readonly body: Readable;
  /** Aborted when the caller hangs up before the end. */
  readonly signal: AbortSignal;
}

/**
 * Takes the body of an upload. The request itself is never destroyed by its reader, so that a refusal can still be
 * answered on its connection.
 * @throws {HttpProblem} `unsupported_media_type`, `payload_too_large`
 */
export function uploadedFile(request: Request): UploadedFile {
  const type = UPLOAD_TYPES.find((one) => request.is(one));
  if (type === undefined) {
    throw new HttpProblem({
      code: 'unsupported_media_type',
      detail: `The body must be ${UPLOAD_TYPES.join(', ')}, but is ${request.header('content-type') ?? 'of no type'}.`,
      extra: { accepted: UPLOAD_TYPES },
    });
  }
  if ((request.header('content-encoding') ?? 'identity') !== 'identity') {
    throw new HttpProblem({ code: 'unsupported_media_type', detail: 'The body must not be compressed.' });
  }
  if (Number(request.header('content-length') ?? 0) > MAX_UPLOAD_BYTES) {
    throw new HttpProblem({
      code: 'payload_too_large',
      detail: `The file is larger than the ${MAX_UPLOAD_BYTES} bytes allowed here.`,
      extra: { limit_bytes: MAX_UPLOAD_BYTES },
    });
  }
  const aborter = new AbortController();
  request.once('aborted', () => aborter.abort(new Error('The caller hung up')));
  const body = new PassThrough();
  request.pipe(body);
  // A reader that stops early leaves the rest of the upload; it is discarded as it comes.
  body.once('close', () => {
    request.unpipe(body);
    request.resume();
  });
  return { content: CONTENTS[type], body, signal: aborter.signal };
}
