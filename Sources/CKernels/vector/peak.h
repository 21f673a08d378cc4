// Multiply-adds from register to register: what the processor does when nothing has to be loaded.

static void KERNEL(f32_multiply_add)(float *values, float factor, float addend, long rounds) {
  enum { CHAINS = 12 };  // two a cycle with a latency of four need eight; some registers to spare
  const vector f = splat(factor), a = splat(addend);
  for (float *block = values; block < values + KERNELS_CHAINED; block += CHAINS * LANES) {
    vector chain[CHAINS];
    UNROLL for (int c = 0; c < CHAINS; c++) chain[c] = load(block + c * LANES);
    for (long round = 0; round < rounds; round++) {
      UNROLL for (int c = 0; c < CHAINS; c++) chain[c] = fma_(chain[c], f, a);
    }
    UNROLL for (int c = 0; c < CHAINS; c++) store(block + c * LANES, chain[c]);
  }
}
