// Operations on each element by itself: one thread a group of elements. Memory sets the pace, so a
// switch that all threads take alike costs nothing.

/// What stands in a small tensor [outer, inner] beside a group of [outer, repeated, inner]; `block`
/// is repeated · inner.
__device__ inline Group<GROUP> beside(Elements small, unsigned first, unsigned count,
                                      unsigned block, unsigned inner) {
  if (block == inner) return small.group(first, count);
  Group<GROUP> group;
  for (int k = 0; k < GROUP; k++) {
    unsigned index = first + k;
    group.at[k] = index < count ? small[index / block * inner + index % inner] : 0;
  }
  return group;
}

/// In the order of `CUDABackend.number(of:)`.
enum Function { LEAKY_RELU, STEP, TANH, SIGMOID, SOFTPLUS, ABSOLUTE, SIGN, SQUARE, ROOT, RECIPROCAL };

__device__ inline float mapped(int function, float slope, float v) {
  switch (function) {
    case LEAKY_RELU: return v > 0 ? v : slope * v;
    case STEP: return v > 0 ? 1 : slope;
    case TANH: return tanhf(v);
    case SIGMOID: return 1 / (1 + expf(-v));
    case SOFTPLUS: return fmaxf(v, 0) + log1pf(expf(-fabsf(v)));
    case ABSOLUTE: return fabsf(v);
    case SIGN: return v > 0 ? 1 : v < 0 ? -1 : 0;
    case SQUARE: return v * v;
    case ROOT: return sqrtf(v);
    default: return 1 / v;
  }
}

extern "C" __global__ void pointwise_map(Elements x, Elements y, unsigned count, int function,
                                         float slope) {
  GROUP_FROM(first, count);
  Group<GROUP> values = x.group(first, count);
  for (int k = 0; k < GROUP; k++) values.at[k] = mapped(function, slope, values.at[k]);
  y.setGroup(first, count, values);
}

/// function′ · g, from the function's output or input as `Pointwise.derivativeUsesOutput` has it.
__device__ inline float derived(int function, float slope, float s, float g) {
  switch (function) {
    case LEAKY_RELU: return s > 0 ? g : slope * g;
    case TANH: return (1 - s * s) * g;
    case SIGMOID: return s * (1 - s) * g;
    case SOFTPLUS: return g / (1 + expf(-s));
    case ABSOLUTE: return s > 0 ? g : s < 0 ? -g : 0;
    case SQUARE: return 2 * s * g;
    case ROOT: return 0.5f * g / s;
    case RECIPROCAL: return -s * s * g;
    default: return 0;  // Steps and signs.
  }
}

extern "C" __global__ void pointwise_gradient(Elements saved, Elements dy, Elements dx,
                                              unsigned count, int function, float slope) {
  GROUP_FROM(first, count);
  Group<GROUP> values = saved.group(first, count), gradients = dy.group(first, count);
  for (int k = 0; k < GROUP; k++) {
    gradients.at[k] = derived(function, slope, values.at[k], gradients.at[k]);
  }
  dx.setGroup(first, count, gradients);
}

/// In the order of `CUDABackend.number(of:)`.
enum Combination { ADD, SUBTRACT, MULTIPLY };

/// a ∘ b, where b [outer, inner] is repeated over blocks of `block` elements of a.
extern "C" __global__ void pointwise_combine(Elements a, Elements b, Elements y, unsigned count,
                                             unsigned block, unsigned inner, int combination) {
  GROUP_FROM(first, count);
  Group<GROUP> left = a.group(first, count), right = beside(b, first, count, block, inner);
  for (int k = 0; k < GROUP; k++) {
    switch (combination) {
      case ADD: left.at[k] += right.at[k]; break;
      case SUBTRACT: left.at[k] -= right.at[k]; break;
      case MULTIPLY: left.at[k] *= right.at[k]; break;
    }
  }
  y.setGroup(first, count, left);
}

extern "C" __global__ void pointwise_broadcast(Elements x, Elements y, unsigned count,
                                               unsigned block, unsigned inner) {
  GROUP_FROM(first, count);
  y.setGroup(first, count, beside(x, first, count, block, inner));
}

extern "C" __global__ void pointwise_affine(Elements x, Elements y, unsigned count, float scale,
                                            float shift) {
  GROUP_FROM(first, count);
  Group<GROUP> values = x.group(first, count);
  for (int k = 0; k < GROUP; k++) values.at[k] = scale * values.at[k] + shift;
  y.setGroup(first, count, values);
}

/// x += y, where y [outer, inner] is repeated over blocks of `block` elements of x.
extern "C" __global__ void pointwise_accumulate(Elements x, Elements y, unsigned count,
                                                unsigned block, unsigned inner) {
  GROUP_FROM(first, count);
  Group<GROUP> sums = x.group(first, count), added = beside(y, first, count, block, inner);
  for (int k = 0; k < GROUP; k++) sums.at[k] += added.at[k];
  x.setGroup(first, count, sums);
}

/// x + share · (y − x), in place.
extern "C" __global__ void pointwise_blend(Elements x, Elements y, unsigned count, float share) {
  GROUP_FROM(first, count);
  Group<GROUP> from = x.group(first, count), to = y.group(first, count);
  for (int k = 0; k < GROUP; k++) from.at[k] += share * (to.at[k] - from.at[k]);
  x.setGroup(first, count, from);
}

extern "C" __global__ void pointwise_clip(Elements x, unsigned count, float limit) {
  GROUP_FROM(first, count);
  Group<GROUP> values = x.group(first, count);
  for (int k = 0; k < GROUP; k++) values.at[k] = fminf(fmaxf(values.at[k], -limit), limit);
  x.setGroup(first, count, values);
}
