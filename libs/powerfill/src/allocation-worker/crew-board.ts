/**
 * Memory shared by the threads of one run of tasks: who does which is settled here, by whoever claims first, without a
 * message.
 */
export class CrewBoard {
  private readonly words: Int32Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT)) {
    this.words = new Int32Array(memory);
  }

  /** Number of a task nobody has claimed; at or above their count, all are. */
  claim(): number {
    return Atomics.add(this.words, Word.next, 1);
  }

  /** Tells the helpers to leave what they do. */
  stop(): void {
    Atomics.store(this.words, Word.stop, 1);
  }

  get stopped(): boolean {
    return Atomics.load(this.words, Word.stop) !== 0;
  }

  /** Shows that a helper lives. */
  beat(): void {
    Atomics.add(this.words, Word.beats, 1);
  }

  get beats(): number {
    return Atomics.load(this.words, Word.beats);
  }

  /** Wakes the caller: an answer was posted. */
  announce(): void {
    Atomics.add(this.words, Word.answers, 1);
    Atomics.notify(this.words, Word.answers);
  }

  get answers(): number {
    return Atomics.load(this.words, Word.answers);
  }

  /** Blocks the thread until there are other than `seen` answers, or the time is over. */
  waitForAnswer(seen: number, ms: number): void {
    Atomics.wait(this.words, Word.answers, seen, ms);
  }
}

const Word = { next: 0, stop: 1, beats: 2, answers: 3 } as const;
