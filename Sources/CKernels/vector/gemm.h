// Implicit GEMM: tiles of TILE_ROWS pixels x 16 outputs held in registers.

typedef struct {
  vector part[TILE_ROWS][PARTS];
} gemm_tile;

INLINE void gemm_accumulate(const kernels_gemm *g, const float *input, const int rows,
                            gemm_tile *tile) {
  vector sum[TILE_ROWS][PARTS];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int v = 0; v < PARTS; v++) sum[i][v] = splat(0);
  const float *w = g->weights;
  const ptrdiff_t pixel = g->input_pixel;
  for (int t = 0; t < g->tap_count; t++) {
    const float *a = input + g->taps[t];
    int k = 0;
#define STEP(offset)                                                                              \
  do {                                                                                            \
    vector b[PARTS];                                                                              \
    UNROLL for (int v = 0; v < PARTS; v++) b[v] = load(w + (offset) * PANEL + v * LANES);         \
    UNROLL for (int i = 0; i < rows; i++) {                                                       \
      vector x = splat(a[i * pixel + k + (offset)]);                                              \
      UNROLL for (int v = 0; v < PARTS; v++) sum[i][v] = fma_(x, b[v], sum[i][v]);                \
    }                                                                                             \
  } while (0)
    for (; k + 4 <= g->depth; k += 4, w += 4 * PANEL) {
      STEP(0);
      STEP(1);
      STEP(2);
      STEP(3);
    }
    for (; k < g->depth; k++, w += PANEL) STEP(0);
#undef STEP
  }
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < PARTS; v++) tile->part[i][v] = sum[i][v];
  }
}

INLINE void gemm_store(const kernels_gemm *g, const gemm_tile *tile, float *output, const int rows) {
  UNROLL for (int i = 0; i < rows; i++) {
    float *to = output + i * g->output_pixel;
    float row[PANEL];
    UNROLL for (int v = 0; v < PARTS; v++) {
      vector x = tile->part[i][v];
      if (g->bias) x += load(g->bias + v * LANES);
      if (g->columns == PANEL) store(to + v * LANES, g->accumulate ? x + load(to + v * LANES) : x);
      else store(row + v * LANES, x);
    }
    if (g->columns < PANEL)
      for (int j = 0; j < g->columns; j++) to[j] = g->accumulate ? to[j] + row[j] : row[j];
  }
}

#define GEMM_ROWS(rows)                                                                            \
  static void JOIN(gemm_##rows, ISA)(const kernels_gemm *g, const float *input, float *output) {   \
    gemm_tile tile;                                                                                \
    gemm_accumulate(g, input, rows, &tile);                                                        \
    gemm_store(g, &tile, output, rows);                                                            \
  }
GEMM_ROWS(1) GEMM_ROWS(2) GEMM_ROWS(3) GEMM_ROWS(4) GEMM_ROWS(5) GEMM_ROWS(6)
#if TILE_ROWS >= 12
GEMM_ROWS(7) GEMM_ROWS(8) GEMM_ROWS(9) GEMM_ROWS(10) GEMM_ROWS(11) GEMM_ROWS(12)
#endif

// Full tiles, and a tail split evenly: 8 = 4 + 4, not 6 + 2.
INLINE int next_rows(int left) {
  if (left <= TILE_ROWS) return left;
  return left < 2 * TILE_ROWS ? (left + 1) / 2 : TILE_ROWS;
}

static void KERNEL(f32_gemm)(const kernels_gemm *g) {
  typedef void (*rows_kernel)(const kernels_gemm *, const float *, float *);
#define ROWS(n) JOIN(gemm_##n, ISA)
  static const rows_kernel kernels[TILE_ROWS + 1] = {
      NULL,    ROWS(1), ROWS(2), ROWS(3), ROWS(4),  ROWS(5),  ROWS(6),
#if TILE_ROWS >= 12
      ROWS(7), ROWS(8), ROWS(9), ROWS(10), ROWS(11), ROWS(12),
#endif
  };
#undef ROWS
  for (int p = 0, rows; p < g->pixels; p += rows) {
    rows = next_rows(g->pixels - p);
    kernels[rows](g, g->input + p * g->input_pixel, g->output + p * g->output_pixel);
  }
}
