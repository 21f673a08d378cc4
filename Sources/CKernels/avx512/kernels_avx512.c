// AVX-512: 16 lanes, 32 registers, one vector to a panel.
#if defined(__x86_64__)
#define ISA avx512
#define LANES 16
#define TILE_ROWS 12
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#include "../vector/table.h"
#pragma clang attribute pop
TABLE("AVX-512")
#endif
