/**
 * The result of `work`, or the signal's reason as soon as it aborts. The work goes on unheard until a bound of its own
 * ends it, a lock wait of two seconds for example; so only for work that changes nothing, or that takes its changes back
 * unless the run is still its owner's when it commits.
 */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}
