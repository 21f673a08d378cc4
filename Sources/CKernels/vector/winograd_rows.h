// Winograd's F(4, 7) down the rows: each transform makes rows of rows, element by element. Ten points,
// {0, +-A, +-B, +-C, +-D, inf}. A pair of points shares its even and its odd half.

enum { ROWS_OUTPUTS = 4, ROWS_TAPS = 7, ROWS_POINTS = 10, ROWS_PAIRS = 4 };

#define A 0.4375f
#define B 0.8125f
#define C 1.25f
#define D 2.f
#define A2 (A * A)
#define B2 (B * B)
#define C2 (C * C)
#define D2 (D * D)
// Lagrange factors: 1 / (product of the distances to the other finite points).
#define NORM_A (1.f / (2 * A2 * (A2 - B2) * (A2 - C2) * (A2 - D2)))
#define NORM_B (1.f / (2 * B2 * (B2 - A2) * (B2 - C2) * (B2 - D2)))
#define NORM_C (1.f / (2 * C2 * (C2 - A2) * (C2 - B2) * (C2 - D2)))
#define NORM_D (1.f / (2 * D2 * (D2 - A2) * (D2 - B2) * (D2 - C2)))
#define NORM_0 (1.f / (A2 * B2 * C2 * D2))

static const float rows_point[ROWS_PAIRS] = {A, B, C, D};
static const float rows_norm[ROWS_PAIRS] = {NORM_A, NORM_B, NORM_C, NORM_D};
// The product of (z - p^2) over the three other pairs, less its leading z^3: z^0, z^1, z^2.
#define CUBIC(p, q, r) {-(p) * (q) * (r), (p) * (q) + (p) * (r) + (q) * (r), -((p) + (q) + (r))}
static const float rows_cubic[ROWS_PAIRS][3] = {CUBIC(B2, C2, D2), CUBIC(A2, C2, D2),
                                                CUBIC(A2, B2, D2), CUBIC(A2, B2, C2)};
// The same over all four pairs, less z^4.
static const float rows_quartic[4] = {
    A2 *B2 *C2 *D2, -(A2 * B2 * C2 + A2 * B2 * D2 + A2 * C2 * D2 + B2 * C2 * D2),
    A2 *B2 + A2 *C2 + A2 *D2 + B2 *C2 + B2 *D2 + C2 *D2, -(A2 + B2 + C2 + D2)};

// A polynomial's value, whose highest coefficient is 1, at rows in place of powers.
INLINE vector rows_cubic_at(const float *c, vector x0, vector x1, vector x2, vector x3) {
  return fma_(splat(c[0]), x0, fma_(splat(c[1]), x1, fma_(splat(c[2]), x2, x3)));
}

INLINE vector rows_quartic_at(vector x0, vector x1, vector x2, vector x3, vector x4) {
  const float *c = rows_quartic;
  return fma_(splat(c[0]), x0,
              fma_(splat(c[1]), x1, fma_(splat(c[2]), x2, fma_(splat(c[3]), x3, x4))));
}

// B': 10 rows of data -> 10 points.
INLINE void rows_data(const vector *d, vector *t) {
  t[0] = rows_quartic_at(d[0], d[2], d[4], d[6], d[8]);
  UNROLL for (int i = 0; i < ROWS_PAIRS; i++) {
    vector even = rows_cubic_at(rows_cubic[i], d[2], d[4], d[6], d[8]);
    vector odd = rows_cubic_at(rows_cubic[i], d[1], d[3], d[5], d[7]);
    t[1 + 2 * i] = fma_(splat(rows_point[i]), odd, even);
    t[2 + 2 * i] = fma_(splat(-rows_point[i]), odd, even);
  }
  t[9] = rows_quartic_at(d[1], d[3], d[5], d[7], d[9]);
}

// A': 10 points -> 4 outputs.
INLINE void rows_output(const vector *t, vector *y) {
  y[0] = t[0], y[1] = y[2] = splat(0), y[3] = t[9];
  UNROLL for (int i = 0; i < ROWS_PAIRS; i++) {
    const float p = rows_point[i];
    vector even = t[1 + 2 * i] + t[2 + 2 * i], odd = t[1 + 2 * i] - t[2 + 2 * i];
    y[0] += even;
    y[1] = fma_(splat(p), odd, y[1]);
    y[2] = fma_(splat(p * p), even, y[2]);
    y[3] = fma_(splat(p * p * p), odd, y[3]);
  }
}

// A: 4 outputs -> 10 points.
INLINE void rows_output_adjoint(const vector *y, vector *t) {
  t[0] = y[0], t[9] = y[3];
  UNROLL for (int i = 0; i < ROWS_PAIRS; i++) {
    const float p = rows_point[i];
    vector even = fma_(splat(p * p), y[2], y[0]);
    vector odd = splat(p) * fma_(splat(p * p), y[3], y[1]);
    t[1 + 2 * i] = even + odd, t[2 + 2 * i] = even - odd;
  }
}

// G: 7 taps -> 10 points.
INLINE void rows_filter(const vector *g, vector *u) {
  u[0] = splat(NORM_0) * g[0], u[9] = g[6];
  UNROLL for (int i = 0; i < ROWS_PAIRS; i++) {
    const float p = rows_point[i];
    vector square = splat(p * p);
    vector even = fma_(fma_(fma_(g[6], square, g[4]), square, g[2]), square, g[0]);
    vector odd = fma_(fma_(g[5], square, g[3]), square, g[1]);
    even *= rows_norm[i], odd *= rows_norm[i] * p;
    u[1 + 2 * i] = even + odd, u[2 + 2 * i] = even - odd;
  }
}

// G': 10 points -> 7 taps.
INLINE void rows_filter_adjoint(const vector *u, vector *g) {
  g[0] = splat(NORM_0) * u[0], g[6] = u[9];
  UNROLL for (int k = 1; k < ROWS_TAPS - 1; k++) g[k] = splat(0);
  UNROLL for (int i = 0; i < ROWS_PAIRS; i++) {
    const float p = rows_point[i];
    vector even = rows_norm[i] * (u[1 + 2 * i] + u[2 + 2 * i]);
    vector odd = rows_norm[i] * p * (u[1 + 2 * i] - u[2 + 2 * i]);
    UNROLL for (int k = 0; k < ROWS_TAPS; k++) {
      g[k] += k % 2 ? odd : even;
      if (k % 2) even *= p * p, odd *= p * p;
    }
  }
}

INLINE void rows_at(const kernels_rows *r, size_t i, size_t lanes, int from, int to,
                    void (*transform)(const vector *, vector *)) {
  vector a[ROWS_POINTS], b[ROWS_POINTS];
  float part[LANES] = {0};
  UNROLL for (int k = 0; k < from; k++) {
    if (lanes < LANES) memcpy(part, r->from[k] + i, lanes * sizeof *part);
    a[k] = load(lanes < LANES ? part : r->from[k] + i);
  }
  transform(a, b);
  UNROLL for (int k = 0; k < to; k++) {
    if (lanes < LANES) {
      store(part, b[k]);
      memcpy(r->to[k] + i, part, lanes * sizeof *part);
    } else {
      store(r->to[k] + i, b[k]);
    }
  }
}

INLINE void rows_all(const kernels_rows *r, int from, int to,
                     void (*transform)(const vector *, vector *)) {
  size_t i = 0;
  for (; i + LANES <= r->count; i += LANES) rows_at(r, i, LANES, from, to, transform);
  if (i < r->count) rows_at(r, i, r->count - i, from, to, transform);
}

static void KERNEL(f32_winograd_rows)(const kernels_rows *r) {
  switch (r->transform) {
  case ROWS_DATA: rows_all(r, ROWS_POINTS, ROWS_POINTS, rows_data); break;
  case ROWS_OUTPUT: rows_all(r, ROWS_POINTS, ROWS_OUTPUTS, rows_output); break;
  case ROWS_OUTPUT_ADJOINT: rows_all(r, ROWS_OUTPUTS, ROWS_POINTS, rows_output_adjoint); break;
  case ROWS_FILTER: rows_all(r, ROWS_TAPS, ROWS_POINTS, rows_filter); break;
  case ROWS_FILTER_ADJOINT: rows_all(r, ROWS_POINTS, ROWS_TAPS, rows_filter_adjoint); break;
  }
}

#undef A
#undef B
#undef C
#undef D
#undef A2
#undef B2
#undef C2
#undef D2
#undef NORM_A
#undef NORM_B
#undef NORM_C
#undef NORM_D
#undef NORM_0
#undef CUBIC
