// Winograd by its matrices: B', A' and G of Lavin and Gray for the points of the contract.
#include "reference.h"

typedef struct {
  int n, m, r;
  float data[6][6];    // B': n x n
  float output[6][6];  // A': m x n
  float filter[6][6];  // G:  n x r
} matrices;

// Points 0, 1, -1, infinity.
static const matrices f2x3 = {
    .n = 4, .m = 2, .r = 3,
    .data = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, -1, 0, 1}},
    .output = {{1, 1, 1, 0}, {0, 1, -1, 1}},
    .filter = {{1, 0, 0}, {.5f, .5f, .5f}, {.5f, -.5f, .5f}, {0, 0, 1}},
};

// Points 0, +-3/4, +-3/2, infinity: x^2 - 9/16, x^2 - 9/4 and their products written out.
#define DATA_SIX                                                                                   \
  {{1.265625f, 0, -2.8125f, 0, 1, 0}, {0, -1.6875f, -2.25f, .75f, 1, 0},                           \
   {0, 1.6875f, -2.25f, -.75f, 1, 0}, {0, -.84375f, -.5625f, 1.5f, 1, 0},                          \
   {0, .84375f, -.5625f, -1.5f, 1, 0}, {0, 1.265625f, 0, -2.8125f, 0, 1}}

static const matrices f4x3 = {
    .n = 6, .m = 4, .r = 3,
    .data = DATA_SIX,
    .output = {{1, 1, 1, 1, 1, 0},
               {0, .75f, -.75f, 1.5f, -1.5f, 0},
               {0, .5625f, .5625f, 2.25f, 2.25f, 0},
               {0, .421875f, -.421875f, 3.375f, -3.375f, 1}},
    .filter = {{64.f / 81, 0, 0},
               {-128.f / 243, -32.f / 81, -8.f / 27},
               {-128.f / 243, 32.f / 81, -8.f / 27},
               {32.f / 243, 16.f / 81, 8.f / 27},
               {32.f / 243, -16.f / 81, 8.f / 27},
               {0, 0, 1}},
};

static const matrices f3x4 = {
    .n = 6, .m = 3, .r = 4,
    .data = DATA_SIX,
    .output = {{1, 1, 1, 1, 1, 0},
               {0, .75f, -.75f, 1.5f, -1.5f, 0},
               {0, .5625f, .5625f, 2.25f, 2.25f, 1}},
    .filter = {{64.f / 81, 0, 0, 0},
               {-128.f / 243, -32.f / 81, -8.f / 27, -2.f / 9},
               {-128.f / 243, 32.f / 81, -8.f / 27, 2.f / 9},
               {32.f / 243, 16.f / 81, 8.f / 27, 4.f / 9},
               {32.f / 243, -16.f / 81, 8.f / 27, -4.f / 9},
               {0, 0, 0, 1}},
};

// Points +-1/2, +-5/4, infinity: x^2 - 1/4, x^2 - 25/16 and their products written out.
static const matrices f4x2 = {
    .n = 5, .m = 4, .r = 2,
    .data = {{-.78125f, -1.5625f, .5f, 1, 0},
             {.78125f, -1.5625f, -.5f, 1, 0},
             {-.3125f, -.25f, 1.25f, 1, 0},
             {.3125f, -.25f, -1.25f, 1, 0},
             {.390625f, 0, -1.8125f, 0, 1}},
    .output = {{1, 1, 1, 1, 0},
               {.5f, -.5f, 1.25f, -1.25f, 0},
               {.25f, .25f, 1.5625f, 1.5625f, 0},
               {.125f, -.125f, 1.953125f, -1.953125f, 1}},
    .filter = {{-16.f / 21, -8.f / 21},
               {16.f / 21, -8.f / 21},
               {32.f / 105, 8.f / 21},
               {-32.f / 105, 8.f / 21},
               {0, 1}},
};

static const matrices *matrices_of(kernels_winograd kind) {
  switch (kind) {
  case WINOGRAD_2X2_3X3: return &f2x3;
  case WINOGRAD_4X4_3X3: return &f4x3;
  case WINOGRAD_3X3_4X4: return &f3x4;
  case WINOGRAD_4X4_2X2: return &f4x2;
  }
}

// result[rows][rows] = M x M' for M[rows][columns], or M' x M for the adjoint.
static void two_sided(const float m[6][6], int rows, int columns, bool adjoint, const float *x,
                      float *result) {
  int from = adjoint ? rows : columns, to = adjoint ? columns : rows;
  float half[6][6];
#define ENTRY(i, k) (adjoint ? m[k][i] : m[i][k])
  for (int i = 0; i < to; i++)
    for (int j = 0; j < from; j++) {
      half[i][j] = 0;
      for (int k = 0; k < from; k++) half[i][j] += ENTRY(i, k) * x[k * from + j];
    }
  for (int i = 0; i < to; i++)
    for (int j = 0; j < to; j++) {
      float sum = 0;
      for (int k = 0; k < from; k++) sum += half[i][k] * ENTRY(j, k);
      result[i * to + j] = sum;
    }
#undef ENTRY
}

// A picture's sample under a window position, NULL where the padding is zero.
static float *sample(const kernels_tile_row *r, int y, int x, int channel) {
  const kernels_picture *p = &r->picture;
  int position[2] = {y, x}, extent[2] = {p->height, p->width};
  for (int axis = 0; axis < 2; axis++) {
    int i = position[axis], n = extent[axis];
    if (i >= 0 && i < n) continue;
    if (!r->reflect || i < -r->padding || i >= n + r->padding) return NULL;
    position[axis] = i < 0 ? -i : 2 * n - 2 - i;
  }
  return &p->pixels[position[0] * p->row + (ptrdiff_t)position[1] * p->pixel + channel];
}

typedef void (*tile_action)(const kernels_tile_row *r, const matrices *w, int left, int channel,
                            float *planes);

static void each_tile(const kernels_tile_row *r, int first, int last, tile_action act) {
  const matrices *w = matrices_of(r->kind);
  for (int channel = first * KERNELS_PANEL; channel < last * KERNELS_PANEL; channel++)
    for (int t = 0; t < r->tiles; t++)
      act(r, w, t * w->m - r->padding, channel,
          r->planes + channel / KERNELS_PANEL * r->panel + t * KERNELS_PANEL +
              channel % KERNELS_PANEL);
}

static void data(const kernels_tile_row *r, const matrices *w, int left, int channel,
                 float *planes) {
  float window[36], points[36];
  for (int i = 0; i < w->n * w->n; i++) {
    const float *from = sample(r, r->top + i / w->n, left + i % w->n, channel);
    window[i] = from ? *from : 0;
  }
  two_sided(w->data, w->n, w->n, false, window, points);
  for (int i = 0; i < w->n * w->n; i++) planes[i * r->plane] = points[i];
}

static void data_adjoint(const kernels_tile_row *r, const matrices *w, int left, int channel,
                         float *planes) {
  float window[36], points[36];
  for (int i = 0; i < w->n * w->n; i++) points[i] = planes[i * r->plane];
  two_sided(w->data, w->n, w->n, true, points, window);
  for (int i = 0; i < w->n * w->n; i++) {
    float *to = sample(r, r->top + i / w->n, left + i % w->n, channel);
    if (to) *to += window[i];
  }
}

static void output(const kernels_tile_row *r, const matrices *w, int left, int channel,
                   float *planes) {
  float y[36], points[36];
  for (int i = 0; i < w->n * w->n; i++) points[i] = planes[i * r->plane];
  two_sided(w->output, w->m, w->n, false, points, y);
  for (int i = 0; i < w->m * w->m; i++) {
    float *to = sample(r, r->top + i / w->m, left + i % w->m, channel);
    if (to) *to = y[i] + (r->bias ? r->bias[channel] : 0);
  }
}

static void output_adjoint(const kernels_tile_row *r, const matrices *w, int left, int channel,
                           float *planes) {
  float dy[36], points[36];
  for (int i = 0; i < w->m * w->m; i++) {
    const float *from = sample(r, r->top + i / w->m, left + i % w->m, channel);
    dy[i] = from ? *from : 0;
  }
  two_sided(w->output, w->m, w->n, true, dy, points);
  for (int i = 0; i < w->n * w->n; i++) planes[i * r->plane] = points[i];
}

void f32_winograd_data__reference(const kernels_tile_row *r, int first, int last) {
  each_tile(r, first, last, data);
}
void f32_winograd_data_adjoint__reference(const kernels_tile_row *r, int first, int last) {
  each_tile(r, first, last, data_adjoint);
}
void f32_winograd_output__reference(const kernels_tile_row *r, int first, int last) {
  each_tile(r, first, last, output);
}
void f32_winograd_output_adjoint__reference(const kernels_tile_row *r, int first, int last) {
  each_tile(r, first, last, output_adjoint);
}

// Transforms the filter between input channel i and output channel o to or from `planes`.
static void filter_pair(const kernels_winograd_filter *f, int i, int o, float *planes,
                        bool adjoint) {
  const matrices *w = matrices_of(f->kind);
  float *filter = f->filter + i * f->input + o;
#define TAP(q) filter[(q) / w->r * f->row + (q) % w->r * f->tap]
#define HAS_TAP(q) ((q) / w->r < f->rows && (q) % w->r < f->columns)
  float taps[36], points[36];
  if (adjoint) {
    for (int q = 0; q < w->n * w->n; q++) points[q] = planes[q * f->plane];
    two_sided(w->filter, w->n, w->r, true, points, taps);
    for (int q = 0; q < w->r * w->r; q++)
      if (HAS_TAP(q)) TAP(q) = taps[q];
  } else {
    for (int q = 0; q < w->r * w->r; q++) taps[q] = HAS_TAP(q) ? TAP(q) : 0;
    two_sided(w->filter, w->n, w->r, false, taps, points);
    for (int q = 0; q < w->n * w->n; q++) planes[q * f->plane] = points[q];
  }
#undef TAP
#undef HAS_TAP
}

void f32_winograd_filter__reference(const kernels_winograd_filter *f, int panel) {
  for (int i = 0; i < f->input_channels; i++)
    for (int lane = 0; lane < KERNELS_PANEL; lane++)
      filter_pair(f, i, panel * KERNELS_PANEL + lane, f->planes + i * KERNELS_PANEL + lane, false);
}
void f32_winograd_filter_transposed__reference(const kernels_winograd_filter *f, int panel) {
  for (int o = 0; o < f->output_channels; o++)
    for (int lane = 0; lane < KERNELS_PANEL; lane++)
      filter_pair(f, panel * KERNELS_PANEL + lane, o, f->planes + o * KERNELS_PANEL + lane, false);
}
void f32_winograd_filter_adjoint__reference(const kernels_winograd_filter *f, int panel) {
  for (int i = 0; i < f->input_channels; i++)
    for (int lane = 0; lane < KERNELS_PANEL; lane++)
      filter_pair(f, i, panel * KERNELS_PANEL + lane, f->planes + i * KERNELS_PANEL + lane, true);
}
