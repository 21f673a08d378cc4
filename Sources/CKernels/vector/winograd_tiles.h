// Two-dimensional transforms of tiles: a column pass into registers, a row pass out of them.
// Tiles whose window leaves the picture go through a small buffer; all others touch memory once.

enum { MOST_POINTS = 36, BUFFER_PIXEL = PANEL };

INLINE int reflected(int i, int extent) {
  return i < 0 ? -i : i >= extent ? 2 * extent - 2 - i : i;
}

// Picture position of a window position, or -1 where nothing but zero stands.
INLINE int picture_position(int i, int extent, int padding, bool reflect) {
  if (i >= 0 && i < extent) return i;
  if (!reflect || i < -padding || i >= extent + padding) return -1;
  return reflected(i, extent);
}

// The planes of a tile lie in n * n streams, more than the hardware follows: ask ahead.
INLINE void prefetch_tile(const float *planes, ptrdiff_t plane, const int points) {
  for (int i = 0; i < points; i++) __builtin_prefetch(planes + i * plane + 6 * PANEL, 0, 3);
}

// How many vectors of channels are transformed side by side: what goes past the caches must fill a
// line at once; else one after the other, which needs fewer registers.
INLINE int parts_at_once(const bool stream) { return stream ? PARTS : 1; }

// Writes one row of points.
INLINE void store_points(vector t[PARTS][MOST_POINTS], float *planes, ptrdiff_t plane, const int n,
                         const int row, const bool stream) {
  UNROLL for (int j = 0; j < n; j++)
    UNROLL for (int v = 0; v < parts_at_once(stream); v++) {
      float *to = planes + (row * n + j) * plane + v * LANES;
      if (stream) stream_store(to, t[v][row * n + j]);
      else store(to, t[v][row * n + j]);
    }
}

// ---- data ----

// A window in memory: a pointer to each row, and where the columns lie in it.
typedef struct {
  float *rows[6];
  ptrdiff_t columns[6];
} window;

// Where the pixels of a window lie along one axis, or -1; whether all exist.
INLINE bool find_positions(int *positions, int start, int extent, const kernels_tile_row *r,
                           const int n) {
  bool exist = true;
  for (int i = 0; i < n; i++) {
    positions[i] = picture_position(start + i, extent, r->padding, r->reflect);
    exist &= positions[i] >= 0;
  }
  return exist;
}

INLINE window picture_window(const kernels_picture *p, const int *y, const int *x, int channel,
                             const int n) {
  window w;
  for (int i = 0; i < n; i++) {
    w.rows[i] = p->pixels + y[i] * p->row + channel;
    w.columns[i] = x[i] * p->pixel;
  }
  return w;
}

INLINE window buffer_window(float *buffer, const int n) {
  window w;
  for (int i = 0; i < n; i++) {
    w.rows[i] = buffer + i * n * BUFFER_PIXEL;
    w.columns[i] = i * BUFFER_PIXEL;
  }
  return w;
}

INLINE void data_lanes(const window *from, int lane, float *planes, ptrdiff_t plane, const int n,
                       const bool stream) {
  vector t[PARTS][MOST_POINTS], line[6];
  UNROLL for (int v = 0; v < parts_at_once(stream); v++)
    UNROLL for (int j = 0; j < n; j++) {
      UNROLL for (int i = 0; i < n; i++)
        line[i] = load(from->rows[i] + from->columns[j] + lane + v * LANES);
      data_transform(line, n);
      UNROLL for (int i = 0; i < n; i++) t[v][i * n + j] = line[i];
    }
  UNROLL for (int i = 0; i < n; i++) {
    UNROLL for (int v = 0; v < parts_at_once(stream); v++) data_transform(t[v] + i * n, n);
    store_points(t, planes, plane, n, i, stream);
  }
}

INLINE void data_tile(const window *from, float *planes, ptrdiff_t plane, const int n,
                      const bool stream) {
  for (int lane = 0; lane < PANEL; lane += parts_at_once(stream) * LANES)
    data_lanes(from, lane, planes + lane, plane, n, stream);
}

INLINE void gather_window(const kernels_picture *p, const int *y, const int *x, int channel,
                          const int n, float *buffer) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++, buffer += BUFFER_PIXEL) {
      if (y[i] < 0 || x[j] < 0) memset(buffer, 0, PANEL * sizeof *buffer);
      else memcpy(buffer, p->pixels + y[i] * p->row + x[j] * p->pixel + channel,
                  PANEL * sizeof *buffer);
    }
}

INLINE void data_row(const kernels_tile_row *r, int first, int last, const int n, const int m,
                     const bool stream) {
  const kernels_picture *p = &r->picture;
  int y[6], x[6];
  const bool rows_exist = find_positions(y, r->top, p->height, r, n);
  for (int panel = first; panel < last; panel++)
    for (int t = 0; t < r->tiles; t++) {
      float buffer[MOST_POINTS * BUFFER_PIXEL];
      window from;
      if (find_positions(x, t * m - r->padding, p->width, r, n) && rows_exist) {
        from = picture_window(p, y, x, panel * PANEL, n);
      } else {
        gather_window(p, y, x, panel * PANEL, n, buffer);
        from = buffer_window(buffer, n);
      }
      data_tile(&from, r->planes + panel * r->panel + t * PANEL, r->plane, n, stream);
    }
}

// Mirrored pixels come twice in a window; each time they are read anew.
INLINE void data_adjoint_tile(const float *planes, ptrdiff_t plane, const window *to, const int n,
                              const bool add) {
  for (int lane = 0; lane < PANEL; lane += LANES) {
    vector t[MOST_POINTS], line[6];
    UNROLL for (int j = 0; j < n; j++) {
      UNROLL for (int i = 0; i < n; i++) line[i] = load(planes + (i * n + j) * plane + lane);
      data_adjoint(line, n);
      UNROLL for (int i = 0; i < n; i++) t[i * n + j] = line[i];
    }
    UNROLL for (int i = 0; i < n; i++) {
      data_adjoint(t + i * n, n);
      UNROLL for (int j = 0; j < n; j++) {
        float *p = to->rows[i] + to->columns[j] + lane;
        store(p, add ? load(p) + t[i * n + j] : t[i * n + j]);
      }
    }
  }
}

INLINE void scatter_window(const kernels_picture *p, const int *y, const int *x, int channel,
                           const int n, const float *buffer) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++, buffer += BUFFER_PIXEL) {
      if (y[i] < 0 || x[j] < 0) continue;
      float *to = p->pixels + y[i] * p->row + x[j] * p->pixel + channel;
      UNROLL for (int lane = 0; lane < PANEL; lane += LANES)
        store(to + lane, load(to + lane) + load(buffer + lane));
    }
}

INLINE void data_adjoint_row(const kernels_tile_row *r, int first, int last, const int n,
                             const int m) {
  const kernels_picture *p = &r->picture;
  int y[6], x[6];
  const bool rows_exist = find_positions(y, r->top, p->height, r, n);
  for (int panel = first; panel < last; panel++)
    for (int t = 0; t < r->tiles; t++) {
      const float *planes = r->planes + panel * r->panel + t * PANEL;
      prefetch_tile(planes, r->plane, n * n);
      if (find_positions(x, t * m - r->padding, p->width, r, n) && rows_exist) {
        window to = picture_window(p, y, x, panel * PANEL, n);
        data_adjoint_tile(planes, r->plane, &to, n, true);
      } else {
        float buffer[MOST_POINTS * BUFFER_PIXEL];
        window to = buffer_window(buffer, n);
        data_adjoint_tile(planes, r->plane, &to, n, false);
        scatter_window(p, y, x, panel * PANEL, n, buffer);
      }
    }
}

// ---- outputs ----

INLINE void output_tile(const float *planes, ptrdiff_t plane, const float *bias, float *to,
                        ptrdiff_t row, ptrdiff_t pixel, const int n, const int m) {
  for (int lane = 0; lane < PANEL; lane += LANES) {
    vector t[MOST_POINTS], line[6], b = bias ? load(bias + lane) : splat(0);
    UNROLL for (int j = 0; j < n; j++) {
      UNROLL for (int i = 0; i < n; i++) line[i] = load(planes + (i * n + j) * plane + lane);
      output_transform(line, n, m);
      UNROLL for (int i = 0; i < m; i++) t[i * n + j] = line[i];
    }
    UNROLL for (int i = 0; i < m; i++) {
      output_transform(t + i * n, n, m);
      UNROLL for (int j = 0; j < m; j++) store(to + i * row + j * pixel + lane, t[i * n + j] + b);
    }
  }
}

INLINE void output_row(const kernels_tile_row *r, int first, int last, const int n, const int m) {
  const kernels_picture *p = &r->picture;
  int rows = smaller(m, p->height - r->top);
  for (int panel = first; panel < last; panel++)
    for (int t = 0; t < r->tiles; t++) {
      int left = t * m, columns = smaller(m, p->width - left);
      const float *planes = r->planes + panel * r->panel + t * PANEL;
      const float *bias = r->bias ? r->bias + panel * PANEL : NULL;
      float *to = p->pixels + r->top * p->row + (ptrdiff_t)left * p->pixel + panel * PANEL;
      prefetch_tile(planes, r->plane, n * n);
      if (rows == m && columns == m) {
        output_tile(planes, r->plane, bias, to, p->row, p->pixel, n, m);
        continue;
      }
      float buffer[MOST_POINTS * BUFFER_PIXEL];
      output_tile(planes, r->plane, bias, buffer, m * BUFFER_PIXEL, BUFFER_PIXEL, n, m);
      for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
          memcpy(to + i * p->row + (ptrdiff_t)j * p->pixel,
                 buffer + (i * m + j) * BUFFER_PIXEL, PANEL * sizeof *to);
    }
}

INLINE void output_adjoint_lanes(const float *from, ptrdiff_t row, ptrdiff_t pixel, float *planes,
                                 ptrdiff_t plane, const int n, const int m, const bool stream) {
  vector t[PARTS][MOST_POINTS], line[6];
  UNROLL for (int v = 0; v < parts_at_once(stream); v++)
    UNROLL for (int j = 0; j < m; j++) {
      UNROLL for (int i = 0; i < m; i++) line[i] = load(from + i * row + j * pixel + v * LANES);
      output_adjoint(line, n, m);
      UNROLL for (int i = 0; i < n; i++) t[v][i * n + j] = line[i];
    }
  UNROLL for (int i = 0; i < n; i++) {
    UNROLL for (int v = 0; v < parts_at_once(stream); v++) output_adjoint(t[v] + i * n, n, m);
    store_points(t, planes, plane, n, i, stream);
  }
}

INLINE void output_adjoint_tile(const float *from, ptrdiff_t row, ptrdiff_t pixel, float *planes,
                                ptrdiff_t plane, const int n, const int m, const bool stream) {
  for (int lane = 0; lane < PANEL; lane += parts_at_once(stream) * LANES)
    output_adjoint_lanes(from + lane, row, pixel, planes + lane, plane, n, m, stream);
}

INLINE void output_adjoint_row(const kernels_tile_row *r, int first, int last, const int n,
                               const int m, const bool stream) {
  const kernels_picture *p = &r->picture;
  int rows = smaller(m, p->height - r->top);
  for (int panel = first; panel < last; panel++)
    for (int t = 0; t < r->tiles; t++) {
      int left = t * m, columns = smaller(m, p->width - left);
      float *planes = r->planes + panel * r->panel + t * PANEL;
      const float *from = p->pixels + r->top * p->row + (ptrdiff_t)left * p->pixel + panel * PANEL;
      if (rows == m && columns == m) {
        output_adjoint_tile(from, p->row, p->pixel, planes, r->plane, n, m, stream);
        continue;
      }
      float buffer[MOST_POINTS * BUFFER_PIXEL] = {0};
      for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
          memcpy(buffer + (i * m + j) * BUFFER_PIXEL,
                 from + i * p->row + (ptrdiff_t)j * p->pixel, PANEL * sizeof *buffer);
      output_adjoint_tile(buffer, m * BUFFER_PIXEL, BUFFER_PIXEL, planes, r->plane, n, m, stream);
    }
}

// ---- one entry per verb; the sizes become constants here ----

#define TILE_ROW_KERNEL(name, row_function)                                                        \
  static void KERNEL(name)(const kernels_tile_row *r, int first, int last) {                       \
    switch (r->kind) {                                                                             \
    case WINOGRAD_2X2_3X3: row_function(r, first, last, 4, 2); break;                              \
    case WINOGRAD_4X4_3X3: row_function(r, first, last, 6, 4); break;                              \
    case WINOGRAD_3X3_4X4: row_function(r, first, last, 6, 3); break;                              \
    case WINOGRAD_4X4_2X2: row_function(r, first, last, 5, 4); break;                              \
    }                                                                                              \
  }
#define PLANES_WRITER(row_function)                                                                \
  INLINE void row_function##_planes(const kernels_tile_row *r, int first, int last, const int n,   \
                                    const int m) {                                                 \
    if (!r->stream) {                                                                              \
      row_function(r, first, last, n, m, false);                                                   \
      return;                                                                                      \
    }                                                                                              \
    row_function(r, first, last, n, m, true);                                                      \
    stream_end();                                                                                  \
  }
PLANES_WRITER(data_row)
PLANES_WRITER(output_adjoint_row)
TILE_ROW_KERNEL(f32_winograd_data, data_row_planes)
TILE_ROW_KERNEL(f32_winograd_data_adjoint, data_adjoint_row)
TILE_ROW_KERNEL(f32_winograd_output, output_row)
TILE_ROW_KERNEL(f32_winograd_output_adjoint, output_adjoint_row_planes)
#undef TILE_ROW_KERNEL
#undef PLANES_WRITER
