import loadHighs, { type Highs } from 'highs';

let loaded: Promise<Highs> | undefined;

/** The HiGHS solver in WebAssembly, loaded once per thread. It runs on one thread and reads no clock of ours. */
export function highsRuntime(): Promise<Highs> {
  loaded ??= loadHighs();
  return loaded;
}
