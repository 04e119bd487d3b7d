// Random choices that a seed and a number determine, so that any one expression of a run can be
// made again without those before it.

/** Mixes two whole numbers into 32 bits. */
function mixed(seed, number) {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}

export class Choices {
  constructor(seed, number) {
    this.state = mixed(seed >>> 0, number >>> 0);
  }

  /** From 0 to bound - 1 (mulberry32). */
  below(bound) {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * bound);
  }

  /** True once in `times`. */
  once_in(times) {
    return this.below(times) === 0;
  }

  of(list) {
    return list[this.below(list.length)];
  }

  /** One of rows [weight, value]. */
  weighted(rows) {
    let at = this.below(rows.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of rows) {
      at -= weight;
      if (at < 0) return value;
    }
    return rows[0][1];
  }
}
