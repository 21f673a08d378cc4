// Implicit GEMM: tiles of TILE_ROWS pixels x TILE_PARTS vectors of results held in registers, or half
// as many vectors, and then up to twelve pixels, where no more are wanted.

enum { HALF_ROWS = 12, HALF_PARTS = TILE_PARTS / 2 };

typedef struct {
  vector part[HALF_ROWS][TILE_PARTS];
} gemm_tile;

// A tile's place: which pixel and which panel it begins with.
typedef struct {
  const float *input, *weights, *bias;
  float *output;
  int columns;  // wanted from there on
} gemm_place;

INLINE void gemm_accumulate(const kernels_gemm *g, const gemm_place *place, const int rows,
                            const int parts, gemm_tile *tile) {
  vector sum[HALF_ROWS][TILE_PARTS];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int v = 0; v < parts; v++) sum[i][v] = splat(0);
  const float *w = place->weights;
  const ptrdiff_t pixel = g->input_pixel, panel = g->weights_panel;
  for (int t = 0; t < g->tap_count; t++) {
    const float *a = place->input + g->taps[t];
    int k = 0;
#define STEP(offset)                                                                              \
  do {                                                                                            \
    vector b[TILE_PARTS];                                                                         \
    UNROLL for (int v = 0; v < parts; v++)                                                        \
      b[v] = load(w + (offset) * PANEL + part_offset(v, panel));                                  \
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

INLINE void gemm_store_part(const kernels_gemm *g, vector x, float *to, int columns) {
  if (columns < LANES) {
    float row[LANES];
    store(row, x);
    for (int j = 0; j < columns; j++) to[j] = g->accumulate ? to[j] + row[j] : row[j];
  } else if (g->stream) {
    stream_store(to, x);
  } else {
    store(to, g->accumulate ? x + load(to) : x);
  }
}

INLINE void gemm_store(const kernels_gemm *g, const gemm_place *place, const gemm_tile *tile,
                       const int rows, const int parts) {
  UNROLL for (int i = 0; i < rows; i++) {
    float *to = place->output + i * g->output_pixel;
    UNROLL for (int v = 0; v < parts; v++) {
      vector x = tile->part[i][v];
      if (place->bias) x += load(place->bias + v * LANES);
      gemm_store_part(g, x, to + part_offset(v, g->output_panel), place->columns - v * LANES);
    }
  }
}

typedef void (*gemm_kernel)(const kernels_gemm *, const gemm_place *);

#define WHOLE(rows) JOIN(gemm_##rows, ISA)
#define HALF(rows) JOIN(gemm_half_##rows, ISA)
#define TILE(name, rows, parts)                                                                    \
  static void name(rows)(const kernels_gemm *g, const gemm_place *place) {                         \
    gemm_tile tile;                                                                                \
    gemm_accumulate(g, place, rows, parts, &tile);                                                 \
    gemm_store(g, place, &tile, rows, parts);                                                      \
  }
#define SIX_TILES(name, parts)                                                                     \
  TILE(name, 1, parts) TILE(name, 2, parts) TILE(name, 3, parts)                                   \
  TILE(name, 4, parts) TILE(name, 5, parts) TILE(name, 6, parts)
#define SIX_MORE_TILES(name, parts)                                                                \
  TILE(name, 7, parts) TILE(name, 8, parts) TILE(name, 9, parts)                                   \
  TILE(name, 10, parts) TILE(name, 11, parts) TILE(name, 12, parts)
#define SIX(name) name(1), name(2), name(3), name(4), name(5), name(6)
#define SIX_MORE(name) name(7), name(8), name(9), name(10), name(11), name(12)

SIX_TILES(WHOLE, TILE_PARTS)
#if TILE_ROWS >= 12
SIX_MORE_TILES(WHOLE, TILE_PARTS)
static const gemm_kernel whole_tiles[] = {NULL, SIX(WHOLE), SIX_MORE(WHOLE)};
#else
static const gemm_kernel whole_tiles[] = {NULL, SIX(WHOLE)};
#endif
SIX_TILES(HALF, HALF_PARTS)
SIX_MORE_TILES(HALF, HALF_PARTS)
static const gemm_kernel half_tiles[] = {NULL, SIX(HALF), SIX_MORE(HALF)};

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
  for (int panel = 0; panel * PANEL < g->columns; panel += TILE_PANELS) {
    gemm_place place = {.weights = g->weights + panel * g->weights_panel,
                        .bias = g->bias ? g->bias + panel * PANEL : NULL,
                        .columns = g->columns - panel * PANEL};
    const bool half = place.columns <= HALF_PARTS * LANES;
    const gemm_kernel *tiles = half ? half_tiles : whole_tiles;
    for (int p = 0, rows; p < g->pixels; p += rows) {
      rows = next_rows(g->pixels - p, half ? HALF_ROWS : TILE_ROWS);
      place.input = g->input + p * g->input_pixel;
      place.output = g->output + p * g->output_pixel + panel * g->output_panel;
      tiles[rows](g, &place);
    }
  }
  if (g->stream) stream_end();
}
