// Outer product over pixels: up to 6 x 16 sums held in registers while the pixels stream by.

#if LANES >= 16
enum { OUTER_ROWS = 8 };  // one vector a row: eight sums hide the latency of a multiply-add
#else
enum { OUTER_ROWS = 6 };
#endif

INLINE void outer_store(const kernels_outer *o, float *to, const vector *sum) {
  if (o->columns == PANEL) {
    UNROLL for (int v = 0; v < PARTS; v++) {
      if (o->stream) stream_store(to + v * LANES, sum[v]);
      else store(to + v * LANES, o->accumulate ? sum[v] + load(to + v * LANES) : sum[v]);
    }
    return;
  }
  float row[PANEL];
  UNROLL for (int v = 0; v < PARTS; v++) store(row + v * LANES, sum[v]);
  for (int j = 0; j < o->columns; j++) to[j] = o->accumulate ? to[j] + row[j] : row[j];
}

INLINE void outer_rows(const kernels_outer *o, int first, const int count) {
  vector sum[OUTER_ROWS][PARTS];
  UNROLL for (int i = 0; i < count; i++) UNROLL for (int v = 0; v < PARTS; v++) sum[i][v] = splat(0);
  const float *left_row = o->left + first, *right_row = o->right;
  for (int y = 0; y < o->rows; y++, left_row += o->left_row, right_row += o->right_row) {
    const float *a = left_row, *b = right_row;
    for (int x = 0; x < o->pixels; x++, a += o->left_pixel, b += o->right_pixel) {
      vector part[PARTS];
      UNROLL for (int v = 0; v < PARTS; v++) part[v] = load(b + v * LANES);
      UNROLL for (int i = 0; i < count; i++) {
        vector factor = splat(a[i]);
        UNROLL for (int v = 0; v < PARTS; v++) sum[i][v] = fma_(factor, part[v], sum[i][v]);
      }
    }
  }
  UNROLL for (int i = 0; i < count; i++) outer_store(o, o->output + (first + i) * o->output_row, sum[i]);
}

static void KERNEL(f32_outer)(const kernels_outer *o) {
  for (int i = 0, count; i < o->count; i += count) {
    count = smaller(OUTER_ROWS, o->count - i);
    switch (count) {
#if LANES >= 16
    case 8: outer_rows(o, i, 8); break;
    case 7: outer_rows(o, i, 7); break;
#endif
    case 6: outer_rows(o, i, 6); break;
    case 5: outer_rows(o, i, 5); break;
    case 4: outer_rows(o, i, 4); break;
    case 3: outer_rows(o, i, 3); break;
    case 2: outer_rows(o, i, 2); break;
    default: outer_rows(o, i, 1); break;
    }
  }
  if (o->stream) stream_end();
}
