// Arrays that a plot uses again for its next painting: a million numbers for
// each would keep the garbage collector busy.

/** Lends arrays by name; what was lent under a name before is overwritten. They start with what was there. */
export class Pool {
  private readonly arrays = new Map<string, Float64Array | Float32Array | Uint8Array>();

  doubles(name: string, n: number): Float64Array {
    return this.lend(name, n, Float64Array);
  }

  floats(name: string, n: number): Float32Array {
    return this.lend(name, n, Float32Array);
  }

  bytes(name: string, n: number): Uint8Array {
    return this.lend(name, n, Uint8Array);
  }

  private lend<A extends Float64Array | Float32Array | Uint8Array>(name: string, n: number, make: new (n: number) => A): A {
    let array = this.arrays.get(name) as A | undefined;
    // Room to grow, so that streaming in does not make a new one each time.
    if (array === undefined || array.length < n) this.arrays.set(name, (array = new make(n + (n >> 2))));
    return array.subarray(0, n) as A;
  }
}
