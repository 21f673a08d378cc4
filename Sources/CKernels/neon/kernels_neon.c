// NEON: 4 lanes, 32 registers. Twenty-four sums and four weights leave four to spare.
#if defined(__aarch64__)
#define ISA neon
#define LANES 4
#define TILE_ROWS 6
#include "../vector/table.h"
TABLE("NEON")
#endif
