import { type Random } from '../random';

/** A set of numbers of which some are wanted, none outside: entered at once, and looked at only when one is drawn. */
export class Suspects {
  private readonly list: Int32Array;
  private readonly isIn: Uint8Array;
  private count = 0;

  /** @param size numbers are below it */
  constructor(size: number) {
    this.list = new Int32Array(size);
    this.isIn = new Uint8Array(size);
  }

  add(id: number): void {
    if (this.isIn[id] === 1) return;
    this.isIn[id] = 1;
    this.list[this.count++] = id;
  }

  /** One that is wanted, drawn; those drawn that are not leave the set. -1 = none is. */
  draw(isWanted: (id: number) => boolean, random: Random): number {
    while (this.count > 0) {
      const n = random.below(this.count);
      const id = this.list[n]!;
      if (isWanted(id)) return id;
      this.list[n] = this.list[--this.count]!;
      this.isIn[id] = 0;
    }
    return -1;
  }
}
