// Outer product over pixels: OUTER_ROWS x TILE_PARTS vectors of sums held in registers while the pixels
// stream by.

#if LANES >= 16
enum { OUTER_ROWS = 8 };
#else
enum { OUTER_ROWS = 6 };
#endif

INLINE void outer_rows(const kernels_outer *o, int panel, int first, const int count,
                       const int parts) {
  vector sum[OUTER_ROWS][TILE_PARTS];
  UNROLL for (int i = 0; i < count; i++) UNROLL for (int v = 0; v < parts; v++) sum[i][v] = splat(0);
  const float *left_row = o->left + first, *right_row = o->right + panel * o->right_panel;
  for (int y = 0; y < o->rows; y++, left_row += o->left_row, right_row += o->right_row) {
    const float *a = left_row, *b = right_row;
    for (int x = 0; x < o->pixels; x++, a += o->left_pixel, b += o->right_pixel) {
      vector part[TILE_PARTS];
      UNROLL for (int v = 0; v < parts; v++) part[v] = load(b + part_offset(v, o->right_panel));
      UNROLL for (int i = 0; i < count; i++) {
        vector factor = splat(a[i]);
        UNROLL for (int v = 0; v < parts; v++) sum[i][v] = fma_(factor, part[v], sum[i][v]);
      }
    }
  }
  float *to = o->output + panel * o->output_panel + first * o->output_row;
  UNROLL for (int i = 0; i < count; i++, to += o->output_row)
    UNROLL for (int v = 0; v < parts; v++) {
      float *p = to + part_offset(v, o->output_panel);
      if (o->stream) stream_store(p, sum[i][v]);
      else store(p, o->accumulate ? sum[i][v] + load(p) : sum[i][v]);
    }
}

INLINE void outer_panels(const kernels_outer *o, int panel, const int parts) {
  for (int i = 0, count; i < o->count; i += count) {
    count = smaller(OUTER_ROWS, o->count - i);
    switch (count) {
#if LANES >= 16
    case 8: outer_rows(o, panel, i, 8, parts); break;
    case 7: outer_rows(o, panel, i, 7, parts); break;
#endif
    case 6: outer_rows(o, panel, i, 6, parts); break;
    case 5: outer_rows(o, panel, i, 5, parts); break;
    case 4: outer_rows(o, panel, i, 4, parts); break;
    case 3: outer_rows(o, panel, i, 3, parts); break;
    case 2: outer_rows(o, panel, i, 2, parts); break;
    default: outer_rows(o, panel, i, 1, parts); break;
    }
  }
}

static void KERNEL(f32_outer)(const kernels_outer *o) {
  int panel = 0;
  for (; panel + TILE_PANELS <= o->panels; panel += TILE_PANELS) outer_panels(o, panel, TILE_PARTS);
  if (panel < o->panels) outer_panels(o, panel, PARTS);
  if (o->stream) stream_end();
}
