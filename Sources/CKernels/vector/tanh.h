// The hyperbolic tangent, within two units of the last place.

// e^x for x in 0 ... 20: e^x = 2^n e^r with |r| <= ln(2) / 2, and e^r by its series, whose seventh
// power is below a rounding error.
static const float exponential_series[] = {1.f / 5040, 1.f / 720, 1.f / 120, 1.f / 24,
                                           1.f / 6,    1.f / 2,   1,         1};

INLINE vector exponential(vector x) {
  vector_mask n = __builtin_convertvector(fma_(x, splat(0x1.715476p+0f), splat(0.5f)), vector_mask);
  vector whole = __builtin_convertvector(n, vector);
  // ln(2) in two parts, of which the first times n is exact.
  vector r = fma_(whole, splat(-0x1.62e4p-1f), x);
  r = fma_(whole, splat(-0x1.7f7d1cp-20f), r);
  vector sum = splat(exponential_series[0]);
  UNROLL for (int i = 1; i < 8; i++) sum = fma_(sum, r, splat(exponential_series[i]));
  return sum * (vector)((n + 127) << 23);
}

// tanh x = x + x^3 p(x^2) for |x| up to 0.625: the polynomial that errs least there, relatively, by
// 4e-9.
static const float tanh_series[] = {-0.0057049850f, 0.020639086f, -0.053739715f, 0.13331442f,
                                    -0.33333280f};

INLINE vector hyperbolic_tangent(vector x) {
  vector_mask sign = (vector_mask)x & INT32_MIN;
  vector size = (vector)((vector_mask)x & INT32_MAX);
  // Above 10 it is 1. That branch would lose the digits of small results, and NaN takes the other.
  vector bounded = where_positive(size - 10, splat(10), size);
  vector large = 1 - 2 / (exponential(2 * bounded) + 1);
  vector square = x * x, small = splat(tanh_series[0]);
  UNROLL for (int i = 1; i < 5; i++) small = fma_(small, square, splat(tanh_series[i]));
  small = fma_(small * square, x, x);
  vector either = where_positive(size - 0.625f, large, small);
  return (vector)((vector_mask)either | sign);
}

static void KERNEL(f32_tanh)(const float *x, float *y, size_t count) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) store(y + i, hyperbolic_tangent(load(x + i)));
  if (i == count) return;
  float rest[LANES] = {0};
  memcpy(rest, x + i, (count - i) * sizeof *x);
  store(rest, hyperbolic_tangent(load(rest)));
  memcpy(y + i, rest, (count - i) * sizeof *y);
}
