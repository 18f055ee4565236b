/**
 * Binary min-heap of (key, from, to) whose entries die when their `from` holds nothing any more; the dead are dropped
 * when they come to the top.
 */
export class PairHeap {
  private readonly keys: number[] = [];
  private readonly froms: number[] = [];
  private readonly tos: number[] = [];
  /** `from` and `to` of the entry `top` found last. */
  topFrom = -1;
  topTo = -1;

  add(key: number, from: number, to: number): void {
    let n = this.keys.length;
    this.keys.push(key);
    this.froms.push(from);
    this.tos.push(to);
    while (n > 0) {
      const parent = (n - 1) >> 1;
      if (this.keys[parent]! <= key) break;
      this.move(parent, n);
      n = parent;
    }
    this.put(n, key, from, to);
  }

  /** Smallest living key, Infinity when none is left. */
  top(held: Float64Array): number {
    while (this.keys.length > 0) {
      const from = this.froms[0]!;
      if (held[from]! > 0) {
        this.topFrom = from;
        this.topTo = this.tos[0]!;
        return this.keys[0]!;
      }
      this.dropTop();
    }
    return Infinity;
  }

  private dropTop(): void {
    const key = this.keys.pop()!;
    const from = this.froms.pop()!;
    const to = this.tos.pop()!;
    const count = this.keys.length;
    if (count === 0) return;
    let n = 0;
    for (;;) {
      let child = 2 * n + 1;
      if (child >= count) break;
      if (child + 1 < count && this.keys[child + 1]! < this.keys[child]!) child++;
      if (this.keys[child]! >= key) break;
      this.move(child, n);
      n = child;
    }
    this.put(n, key, from, to);
  }

  private move(from: number, to: number): void {
    this.put(to, this.keys[from]!, this.froms[from]!, this.tos[from]!);
  }

  private put(n: number, key: number, from: number, to: number): void {
    this.keys[n] = key;
    this.froms[n] = from;
    this.tos[n] = to;
  }
}
