// Filters [in][rows][columns][out] to their planes and back. In this layout the taps of one input
// channel are one piece of memory; with channels inmost they would share cache sets.

INLINE void filter_lanes(vector taps[PARTS][16], float *planes, ptrdiff_t plane, const int n,
                         const int r, const bool stream) {
  vector t[PARTS][MOST_POINTS], line[6];
  UNROLL for (int v = 0; v < parts_at_once(stream); v++)
    UNROLL for (int j = 0; j < r; j++) {
      UNROLL for (int i = 0; i < r; i++) line[i] = taps[v][i * r + j];
      filter_transform(line, n, r);
      UNROLL for (int i = 0; i < n; i++) t[v][i * n + j] = line[i];
    }
  UNROLL for (int i = 0; i < n; i++) {
    UNROLL for (int v = 0; v < parts_at_once(stream); v++) filter_transform(t[v] + i * n, n, r);
    store_points(t, planes, plane, n, i, stream);
  }
}

// Whether tap (i, j) exists; `whole` filters need not be asked.
INLINE bool has_tap(const kernels_winograd_filter *f, int i, int j, const bool whole) {
  return whole || (i < f->rows && j < f->columns);
}

// The taps lie a row of outputs apart, too far for the hardware to follow: ask ahead.
enum { AHEAD = 4 };
INLINE void prefetch_taps(const float *from, const kernels_winograd_filter *f, const int r) {
  for (int i = 0; i < r; i++)
    for (int j = 0; j < r; j++) __builtin_prefetch(from + i * f->row + j * f->tap, 0, 3);
}

INLINE void filter_planes(const kernels_winograd_filter *f, int panel, const int n, const int r,
                          const bool whole, const bool stream) {
  for (ptrdiff_t input = 0; input < f->input_channels; input++)
    for (int lane = 0; lane < PANEL; lane += parts_at_once(stream) * LANES) {
      const float *from = f->filter + input * f->input + panel * PANEL + lane;
      if (lane == 0) prefetch_taps(from + AHEAD * f->input, f, r);
      vector taps[PARTS][16];
      UNROLL for (int v = 0; v < parts_at_once(stream); v++)
        UNROLL for (int i = 0; i < r; i++)
          UNROLL for (int j = 0; j < r; j++)
            taps[v][i * r + j] = has_tap(f, i, j, whole)
                                     ? load(from + i * f->row + j * f->tap + v * LANES)
                                     : splat(0);
      filter_lanes(taps, f->planes + input * PANEL + lane, f->plane, n, r, stream);
    }
}

// LANES input channels of one output channel and tap, gathered into a vector.
INLINE vector gather_inputs(const float *from, ptrdiff_t input) {
  float lanes[LANES];
  UNROLL for (int k = 0; k < LANES; k++) lanes[k] = from[k * input];
  return load(lanes);
}

INLINE void filter_planes_transposed(const kernels_winograd_filter *f, int panel, const int n,
                                     const int r, const bool whole, const bool stream) {
  for (int lane = 0; lane < PANEL; lane += parts_at_once(stream) * LANES)
    for (ptrdiff_t o = 0; o < f->output_channels; o++) {
      const float *from = f->filter + (panel * PANEL + lane) * f->input + o;
      vector taps[PARTS][16];
      UNROLL for (int v = 0; v < parts_at_once(stream); v++)
        UNROLL for (int i = 0; i < r; i++)
          UNROLL for (int j = 0; j < r; j++)
            taps[v][i * r + j] = has_tap(f, i, j, whole)
                                     ? gather_inputs(from + v * LANES * f->input + i * f->row +
                                                         j * f->tap,
                                                     f->input)
                                     : splat(0);
      filter_lanes(taps, f->planes + o * PANEL + lane, f->plane, n, r, stream);
    }
}

INLINE void filter_adjoint_planes(const kernels_winograd_filter *f, int panel, const int n,
                                  const int r, const bool whole) {
  for (ptrdiff_t input = 0; input < f->input_channels; input++)
    for (int lane = 0; lane < PANEL; lane += LANES) {
      const float *planes = f->planes + input * PANEL + lane;
      float *to = f->filter + input * f->input + panel * PANEL + lane;
      vector t[MOST_POINTS], line[6];
      UNROLL for (int k = 0; k < n; k++) {
        UNROLL for (int j = 0; j < n; j++) line[j] = load(planes + (k * n + j) * f->plane);
        filter_adjoint(line, n, r);
        UNROLL for (int j = 0; j < r; j++) t[k * n + j] = line[j];
      }
      UNROLL for (int j = 0; j < r; j++) {
        UNROLL for (int k = 0; k < n; k++) line[k] = t[k * n + j];
        filter_adjoint(line, n, r);
        UNROLL for (int k = 0; k < r; k++)
          if (has_tap(f, k, j, whole)) store(to + k * f->row + j * f->tap, line[k]);
      }
    }
}

#define FILTER_KERNEL(name, function)                                                              \
  static void KERNEL(name)(const kernels_winograd_filter *f, int panel) {                          \
    switch (f->kind) {                                                                             \
    case WINOGRAD_2X2_3X3: function(f, panel, 4, 3, true); break;                                  \
    case WINOGRAD_4X4_3X3: function(f, panel, 6, 3, true); break;                                  \
    case WINOGRAD_3X3_4X4: function(f, panel, 6, 4, true); break;                                  \
    case WINOGRAD_4X4_2X2: function(f, panel, 5, 2, false); break;                                 \
    }                                                                                              \
  }
#define FILTER_WRITER(function)                                                                    \
  INLINE void function##_either(const kernels_winograd_filter *f, int panel, const int n,          \
                                const int r, const bool whole) {                                   \
    if (!f->stream) {                                                                              \
      function(f, panel, n, r, whole, false);                                                      \
      return;                                                                                      \
    }                                                                                              \
    function(f, panel, n, r, whole, true);                                                         \
    stream_end();                                                                                  \
  }
FILTER_WRITER(filter_planes)
FILTER_WRITER(filter_planes_transposed)
FILTER_KERNEL(f32_winograd_filter, filter_planes_either)
FILTER_KERNEL(f32_winograd_filter_transposed, filter_planes_transposed_either)
FILTER_KERNEL(f32_winograd_filter_adjoint, filter_adjoint_planes)
#undef FILTER_KERNEL
#undef FILTER_WRITER
