// Vectors of LANES floats in the compiler's own vector extension, so that the kernels beside this
// file are written once. An instruction set's folder sets LANES, TILE_ROWS, ISA and the target
// attribute, then includes vector/table.h.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define JOIN_(name, isa) name##__##isa
#define JOIN(name, isa) JOIN_(name, isa)
#define KERNEL(name) JOIN(name, ISA)

enum {
  PANEL = KERNELS_PANEL,
  PARTS = PANEL / LANES,                 // vectors in a panel
  TILE_PARTS = PARTS > 1 ? PARTS : 2,    // vectors of results held at once by products: a panel or two
  TILE_PANELS = TILE_PARTS / PARTS,
};

typedef float vector __attribute__((vector_size(LANES * 4)));
typedef int32_t vector_mask __attribute__((vector_size(LANES * 4)));
typedef float vector_unaligned __attribute__((vector_size(LANES * 4), aligned(4)));

INLINE vector load(const float *p) { return *(const vector_unaligned *)p; }
INLINE void store(float *p, vector x) { *(vector_unaligned *)p = x; }

// Past the caches, for results that will have left them before they are read: a line that is
// written whole need not be read first. `p` is aligned; what streamed must end with `stream_end`.
INLINE void stream_store(float *p, vector x) { __builtin_nontemporal_store(x, (vector *)p); }
INLINE void stream_end(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}
INLINE vector splat(float x) { return x - (vector){}; }  // x - 0 is x to the bit; 0 + x is not
INLINE vector fma_(vector a, vector b, vector c) { return __builtin_elementwise_fma(a, b, c); }
INLINE vector square_root(vector x) { return __builtin_elementwise_sqrt(x); }
// x > 0 ? a : b, lane by lane.
INLINE vector where_positive(vector x, vector a, vector b) {
  vector_mask positive = x > 0;
  return (vector)(((vector_mask)a & positive) | ((vector_mask)b & ~positive));
}
// Where vector `v` of one panel, and of those after it, lies.
INLINE ptrdiff_t part_offset(int v, ptrdiff_t panel) {
  return v / PARTS * panel + v % PARTS * LANES;
}
INLINE int smaller(int a, int b) { return a < b ? a : b; }
