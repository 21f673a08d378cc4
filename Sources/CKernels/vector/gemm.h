// Implicit GEMM: tiles of TILE_ROWS pixels x 16 outputs held in registers, or of twice the pixels
// and half the outputs where no more are wanted.

enum { MOST_ROWS = PARTS > 1 ? 2 * TILE_ROWS : TILE_ROWS };

typedef struct {
  vector part[MOST_ROWS][PARTS];
} gemm_tile;

INLINE void gemm_accumulate(const kernels_gemm *g, const float *input, const int rows,
                            const int parts, gemm_tile *tile) {
  vector sum[MOST_ROWS][PARTS];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int v = 0; v < parts; v++) sum[i][v] = splat(0);
  const float *w = g->weights;
  const ptrdiff_t pixel = g->input_pixel;
  for (int t = 0; t < g->tap_count; t++) {
    const float *a = input + g->taps[t];
    int k = 0;
#define STEP(offset)                                                                              \
  do {                                                                                            \
    vector b[PARTS];                                                                              \
    UNROLL for (int v = 0; v < parts; v++) b[v] = load(w + (offset) * PANEL + v * LANES);         \
    UNROLL for (int i = 0; i < rows; i++) {                                                       \
      vector x = splat(a[i * pixel + k + (offset)]);                                              \
      UNROLL for (int v = 0; v < parts; v++) sum[i][v] = fma_(x, b[v], sum[i][v]);                \
    }                                                                                             \
  } while (0)
    for (; k + 4 <= g->depth; k += 4, w += 4 * PANEL) {
      if (g->fetch && k % 16 == 0)
        UNROLL for (int i = 0; i < rows; i++) __builtin_prefetch(a + (rows + i) * pixel + k, 0, 3);
      STEP(0);
      STEP(1);
      STEP(2);
      STEP(3);
    }
    for (; k < g->depth; k++, w += PANEL) STEP(0);
#undef STEP
  }
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < parts; v++) tile->part[i][v] = sum[i][v];
  }
}

INLINE void gemm_store(const kernels_gemm *g, const gemm_tile *tile, float *output, const int rows,
                       const int parts) {
  UNROLL for (int i = 0; i < rows; i++) {
    float *to = output + i * g->output_pixel;
    float row[PANEL];
    UNROLL for (int v = 0; v < parts; v++) {
      vector x = tile->part[i][v];
      if (g->bias) x += load(g->bias + v * LANES);
      if (g->columns < parts * LANES) store(row + v * LANES, x);
      else if (g->stream) stream_store(to + v * LANES, x);
      else store(to + v * LANES, g->accumulate ? x + load(to + v * LANES) : x);
    }
    if (g->columns < parts * LANES)
      for (int j = 0; j < g->columns; j++) to[j] = g->accumulate ? to[j] + row[j] : row[j];
  }
}

typedef void (*gemm_kernel)(const kernels_gemm *, const float *input, float *output);

#define WHOLE(rows) JOIN(gemm_##rows, ISA)
#define HALF(rows) JOIN(gemm_half_##rows, ISA)
#define TILE(name, rows, parts)                                                                    \
  static void name(rows)(const kernels_gemm *g, const float *input, float *output) {               \
    gemm_tile tile;                                                                                \
    gemm_accumulate(g, input, rows, parts, &tile);                                                 \
    gemm_store(g, &tile, output, rows, parts);                                                     \
  }
#define SIX_TILES(name, parts)                                                                     \
  TILE(name, 1, parts) TILE(name, 2, parts) TILE(name, 3, parts)                                   \
  TILE(name, 4, parts) TILE(name, 5, parts) TILE(name, 6, parts)
#define SIX_MORE_TILES(name, parts)                                                                \
  TILE(name, 7, parts) TILE(name, 8, parts) TILE(name, 9, parts)                                   \
  TILE(name, 10, parts) TILE(name, 11, parts) TILE(name, 12, parts)
#define SIX(name) name(1), name(2), name(3), name(4), name(5), name(6)
#define SIX_MORE(name) name(7), name(8), name(9), name(10), name(11), name(12)

SIX_TILES(WHOLE, PARTS)
#if TILE_ROWS >= 12
SIX_MORE_TILES(WHOLE, PARTS)
static const gemm_kernel whole_tiles[] = {NULL, SIX(WHOLE), SIX_MORE(WHOLE)};
#else
static const gemm_kernel whole_tiles[] = {NULL, SIX(WHOLE)};
#endif
#if LANES < 16
SIX_TILES(HALF, PARTS / 2)
SIX_MORE_TILES(HALF, PARTS / 2)
static const gemm_kernel half_tiles[] = {NULL, SIX(HALF), SIX_MORE(HALF)};
#endif

#undef WHOLE
#undef HALF
#undef TILE
#undef SIX_TILES
#undef SIX_MORE_TILES
#undef SIX
#undef SIX_MORE

// Full tiles, and a tail split evenly: 8 = 4 + 4, not 6 + 2.
INLINE int next_rows(int left, int most) {
  if (left <= most) return left;
  return left < 2 * most ? (left + 1) / 2 : most;
}

static void KERNEL(f32_gemm)(const kernels_gemm *g) {
  const gemm_kernel *tiles = whole_tiles;
  int most = TILE_ROWS;
#if LANES < 16
  if (g->columns <= PANEL / 2) tiles = half_tiles, most = 2 * TILE_ROWS;
#endif
  for (int p = 0, rows; p < g->pixels; p += rows) {
    rows = next_rows(g->pixels - p, most);
    tiles[rows](g, g->input + p * g->input_pixel, g->output + p * g->output_pixel);
  }
  if (g->stream) stream_end();
}
