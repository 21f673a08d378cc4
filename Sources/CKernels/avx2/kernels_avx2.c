// AVX2 and FMA: 8 lanes, 16 registers. Twelve sums and two weights leave two to spare.
#if defined(__x86_64__)
#define ISA avx2
#define LANES 8
#define TILE_ROWS 6
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "../vector/table.h"
#pragma clang attribute pop
TABLE("AVX2")
#endif
