// One-dimensional Winograd transforms, in place. n = m + r - 1 points: n = 4 at {0, 1, -1, inf},
// n = 5 at {+-S, +-T, inf}, n = 6 at {0, +-P, +-Q, inf}. y = A'((G g) . (B' d)); each transform has
// its adjoint beside it.

#define S 0.5f
#define T 1.25f
#define S2 (S * S)
#define T2 (T * T)
#define NORM_S (1.f / (2 * S * (S2 - T2)))
#define NORM_T (1.f / (2 * T * (T2 - S2)))

#define P 0.75f
#define Q 1.5f
#define P2 (P * P)
#define Q2 (Q * Q)
// Lagrange factors of the points: 1 / (product of the distances to the other finite points).
#define NORM_P (1.f / (2 * P2 * (P2 - Q2)))
#define NORM_Q (1.f / (2 * Q2 * (Q2 - P2)))
#define NORM_0 (1.f / (P2 * Q2))

// B': n data -> n points.
INLINE void data_transform(vector *d, const int n) {
  if (n == 4) {
    vector a = d[0] - d[2], b = d[1] + d[2], c = d[2] - d[1], e = d[3] - d[1];
    d[0] = a, d[1] = b, d[2] = c, d[3] = e;
    return;
  }
  if (n == 5) {
    vector s_even = fma_(splat(-T2), d[1], d[3]), s_odd = fma_(splat(-T2), d[0], d[2]);
    vector t_even = fma_(splat(-S2), d[1], d[3]), t_odd = fma_(splat(-S2), d[0], d[2]);
    d[4] = fma_(splat(S2 * T2), d[0], fma_(splat(-(S2 + T2)), d[2], d[4]));
    d[0] = fma_(splat(S), s_odd, s_even), d[1] = fma_(splat(-S), s_odd, s_even);
    d[2] = fma_(splat(T), t_odd, t_even), d[3] = fma_(splat(-T), t_odd, t_even);
    return;
  }
  vector sum = splat(-(P2 + Q2)), product = splat(P2 * Q2);
  vector first = fma_(product, d[0], fma_(sum, d[2], d[4]));
  vector last = fma_(product, d[1], fma_(sum, d[3], d[5]));
  vector p_even = fma_(splat(-Q2), d[2], d[4]), p_odd = fma_(splat(-Q2), d[1], d[3]);
  vector q_even = fma_(splat(-P2), d[2], d[4]), q_odd = fma_(splat(-P2), d[1], d[3]);
  d[0] = first;
  d[1] = fma_(splat(P), p_odd, p_even), d[2] = fma_(splat(-P), p_odd, p_even);
  d[3] = fma_(splat(Q), q_odd, q_even), d[4] = fma_(splat(-Q), q_odd, q_even);
  d[5] = last;
}

// B: n points -> n data.
INLINE void data_adjoint(vector *t, const int n) {
  if (n == 4) {
    vector a = t[0], b = t[1] - t[2] - t[3], c = t[1] + t[2] - t[0], e = t[3];
    t[0] = a, t[1] = b, t[2] = c, t[3] = e;
    return;
  }
  if (n == 5) {
    vector s_even = t[0] + t[1], s_odd = splat(S) * (t[0] - t[1]);
    vector t_even = t[2] + t[3], t_odd = splat(T) * (t[2] - t[3]);
    t[0] = fma_(splat(S2 * T2), t[4], fma_(splat(-T2), s_odd, splat(-S2) * t_odd));
    t[1] = fma_(splat(-T2), s_even, splat(-S2) * t_even);
    t[2] = fma_(splat(-(S2 + T2)), t[4], s_odd + t_odd);
    t[3] = s_even + t_even;
    return;
  }
  vector sum = splat(-(P2 + Q2)), product = splat(P2 * Q2);
  vector p_even = t[1] + t[2], p_odd = splat(P) * (t[1] - t[2]);
  vector q_even = t[3] + t[4], q_odd = splat(Q) * (t[3] - t[4]);
  vector d0 = product * t[0];
  vector d1 = fma_(product, t[5], fma_(splat(-Q2), p_odd, splat(-P2) * q_odd));
  vector d2 = fma_(sum, t[0], fma_(splat(-Q2), p_even, splat(-P2) * q_even));
  vector d3 = fma_(sum, t[5], p_odd + q_odd);
  vector d4 = t[0] + p_even + q_even;
  t[0] = d0, t[1] = d1, t[2] = d2, t[3] = d3, t[4] = d4;
}

// A': n points -> m outputs.
INLINE void output_transform(vector *t, const int n, const int m) {
  if (n == 4) {
    vector a = t[0] + t[1] + t[2], b = t[1] - t[2] + t[3];
    t[0] = a, t[1] = b;
    return;
  }
  if (n == 5) {
    vector s_even = t[0] + t[1], s_odd = splat(S) * (t[0] - t[1]);
    vector t_even = t[2] + t[3], t_odd = splat(T) * (t[2] - t[3]);
    t[0] = s_even + t_even;
    t[1] = s_odd + t_odd;
    t[2] = fma_(splat(T2), t_even, splat(S2) * s_even);
    t[3] = fma_(splat(T2), t_odd, fma_(splat(S2), s_odd, t[4]));
    return;
  }
  vector p_even = t[1] + t[2], p_odd = t[1] - t[2], q_even = t[3] + t[4], q_odd = t[3] - t[4];
  vector y0 = t[0] + p_even + q_even;
  vector y1 = fma_(splat(Q), q_odd, splat(P) * p_odd);
  vector y2 = fma_(splat(Q2), q_even, splat(P2) * p_even);
  if (m == 3) y2 += t[5];
  else t[3] = fma_(splat(Q2 * Q), q_odd, fma_(splat(P2 * P), p_odd, t[5]));
  t[0] = y0, t[1] = y1, t[2] = y2;
}

// A: m outputs -> n points.
INLINE void output_adjoint(vector *y, const int n, const int m) {
  if (n == 4) {
    vector a = y[0], b = y[1];
    y[1] = a + b, y[2] = a - b, y[3] = b;
    return;
  }
  if (n == 5) {
    vector s_even = fma_(splat(S2), y[2], y[0]), s_odd = splat(S) * fma_(splat(S2), y[3], y[1]);
    vector t_even = fma_(splat(T2), y[2], y[0]), t_odd = splat(T) * fma_(splat(T2), y[3], y[1]);
    y[4] = y[3];
    y[0] = s_even + s_odd, y[1] = s_even - s_odd;
    y[2] = t_even + t_odd, y[3] = t_even - t_odd;
    return;
  }
  vector y0 = y[0], y1 = y[1], y2 = y[2], last = m == 3 ? y2 : y[3];
  vector p_even = fma_(splat(P2), y2, y0), q_even = fma_(splat(Q2), y2, y0);
  vector p_odd = splat(P) * y1, q_odd = splat(Q) * y1;
  if (m == 4) p_odd = fma_(splat(P2 * P), last, p_odd), q_odd = fma_(splat(Q2 * Q), last, q_odd);
  y[1] = p_even + p_odd, y[2] = p_even - p_odd;
  y[3] = q_even + q_odd, y[4] = q_even - q_odd;
  y[5] = last;
}

// G: r taps -> n points.
INLINE void filter_transform(vector *g, const int n, const int r) {
  if (n == 4) {
    vector even = splat(0.5f) * (g[0] + g[2]), odd = splat(0.5f) * g[1], last = g[2];
    g[1] = even + odd, g[2] = even - odd, g[3] = last;
    return;
  }
  if (n == 5) {
    vector s_even = splat(S * NORM_S) * g[1], s_odd = splat(NORM_S) * g[0];
    vector t_even = splat(T * NORM_T) * g[1], t_odd = splat(NORM_T) * g[0];
    g[4] = g[1];
    g[0] = s_even + s_odd, g[1] = s_even - s_odd;
    g[2] = t_even + t_odd, g[3] = t_even - t_odd;
    return;
  }
  vector g0 = g[0], g1 = g[1], g2 = g[2], last = r == 3 ? g2 : g[3];
  vector p_even = fma_(splat(P2 * NORM_P), g2, splat(NORM_P) * g0), p_odd = splat(P * NORM_P) * g1;
  vector q_even = fma_(splat(Q2 * NORM_Q), g2, splat(NORM_Q) * g0), q_odd = splat(Q * NORM_Q) * g1;
  if (r == 4) {
    p_odd = fma_(splat(P2 * P * NORM_P), last, p_odd);
    q_odd = fma_(splat(Q2 * Q * NORM_Q), last, q_odd);
  }
  g[0] = splat(NORM_0) * g0;
  g[1] = p_even + p_odd, g[2] = p_even - p_odd;
  g[3] = q_even + q_odd, g[4] = q_even - q_odd;
  g[5] = last;
}

// G': n points -> r taps.
INLINE void filter_adjoint(vector *u, const int n, const int r) {
  if (n == 4) {
    vector even = splat(0.5f) * (u[1] + u[2]), odd = splat(0.5f) * (u[1] - u[2]);
    u[0] += even, u[1] = odd, u[2] = even + u[3];
    return;
  }
  if (n == 5) {
    vector s_even = splat(S * NORM_S) * (u[0] + u[1]), s_odd = splat(NORM_S) * (u[0] - u[1]);
    vector t_even = splat(T * NORM_T) * (u[2] + u[3]), t_odd = splat(NORM_T) * (u[2] - u[3]);
    u[0] = s_odd + t_odd, u[1] = s_even + t_even + u[4];
    return;
  }
  vector p_even = splat(NORM_P) * (u[1] + u[2]), p_odd = splat(NORM_P) * (u[1] - u[2]);
  vector q_even = splat(NORM_Q) * (u[3] + u[4]), q_odd = splat(NORM_Q) * (u[3] - u[4]);
  vector g0 = fma_(splat(NORM_0), u[0], p_even + q_even);
  vector g1 = fma_(splat(P), p_odd, splat(Q) * q_odd);
  vector g2 = fma_(splat(P2), p_even, splat(Q2) * q_even);
  if (r == 3) g2 += u[5];
  else u[3] = fma_(splat(P2 * P), p_odd, fma_(splat(Q2 * Q), q_odd, u[5]));
  u[0] = g0, u[1] = g1, u[2] = g2;
}

#undef S
#undef T
#undef S2
#undef T2
#undef NORM_S
#undef NORM_T
#undef P
#undef Q
#undef P2
#undef Q2
#undef NORM_P
#undef NORM_Q
#undef NORM_0
