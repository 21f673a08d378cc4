// Operations on each element by itself: one thread an element. Memory sets the pace, so a switch
// that all threads take alike costs nothing.

#define ELEMENT(index, count)                                \
  unsigned index = blockIdx.x * blockDim.x + threadIdx.x;    \
  if (index >= count) return

/// The element of a small tensor [outer, inner] beside an element of [outer, repeated, inner].
__device__ inline unsigned beside(unsigned index, unsigned block, unsigned inner) {
  return index / block * inner + index % inner;
}

/// In the order of `CUDABackend.number(of:)`.
enum Function { LEAKY_RELU, STEP, TANH, SIGMOID, SOFTPLUS, ABSOLUTE, SIGN, SQUARE, ROOT, RECIPROCAL };

extern "C" __global__ void pointwise_map(const float *x, float *y, unsigned count, int function,
                                         float slope) {
  ELEMENT(index, count);
  float v = x[index];
  switch (function) {
    case LEAKY_RELU: v = v > 0 ? v : slope * v; break;
    case STEP: v = v > 0 ? 1 : slope; break;
    case TANH: v = tanhf(v); break;
    case SIGMOID: v = 1 / (1 + expf(-v)); break;
    case SOFTPLUS: v = fmaxf(v, 0) + log1pf(expf(-fabsf(v))); break;
    case ABSOLUTE: v = fabsf(v); break;
    case SIGN: v = v > 0 ? 1 : v < 0 ? -1 : 0; break;
    case SQUARE: v = v * v; break;
    case ROOT: v = sqrtf(v); break;
    case RECIPROCAL: v = 1 / v; break;
  }
  y[index] = v;
}

/// function′ · dy, from the function's output or input as `Pointwise.derivativeUsesOutput` has it.
extern "C" __global__ void pointwise_gradient(const float *saved, const float *dy, float *dx,
                                              unsigned count, int function, float slope) {
  ELEMENT(index, count);
  float s = saved[index], g = dy[index];
  switch (function) {
    case LEAKY_RELU: g = s > 0 ? g : slope * g; break;
    case STEP:
    case SIGN: g = 0; break;
    case TANH: g = (1 - s * s) * g; break;
    case SIGMOID: g = s * (1 - s) * g; break;
    case SOFTPLUS: g = g / (1 + expf(-s)); break;
    case ABSOLUTE: g = s > 0 ? g : s < 0 ? -g : 0; break;
    case SQUARE: g = 2 * s * g; break;
    case ROOT: g = 0.5f * g / s; break;
    case RECIPROCAL: g = -s * s * g; break;
  }
  dx[index] = g;
}

/// In the order of `CUDABackend.number(of:)`.
enum Combination { ADD, SUBTRACT, MULTIPLY };

/// a ∘ b, where b [outer, inner] is repeated over blocks of `block` elements of a.
extern "C" __global__ void pointwise_combine(const float *a, const float *b, float *y,
                                             unsigned count, unsigned block, unsigned inner,
                                             int combination) {
  ELEMENT(index, count);
  float left = a[index], right = b[beside(index, block, inner)];
  switch (combination) {
    case ADD: left += right; break;
    case SUBTRACT: left -= right; break;
    case MULTIPLY: left *= right; break;
  }
  y[index] = left;
}

extern "C" __global__ void pointwise_broadcast(const float *x, float *y, unsigned count,
                                               unsigned block, unsigned inner) {
  ELEMENT(index, count);
  y[index] = x[beside(index, block, inner)];
}

extern "C" __global__ void pointwise_affine(const float *x, float *y, unsigned count, float scale,
                                            float shift) {
  ELEMENT(index, count);
  y[index] = scale * x[index] + shift;
}

/// x += y, where y [outer, inner] is repeated over blocks of `block` elements of x.
extern "C" __global__ void pointwise_accumulate(float *x, const float *y, unsigned count,
                                                unsigned block, unsigned inner) {
  ELEMENT(index, count);
  x[index] += y[beside(index, block, inner)];
}

/// One step of Adam; the factors as `AdamStep` has them.
extern "C" __global__ void pointwise_adam(float *parameter, const float *gradient,
                                          float *firstMoment, float *secondMoment, unsigned count,
                                          float firstShare, float secondDecay, float secondShare,
                                          float stepSize, float rootCorrection, float epsilon) {
  ELEMENT(index, count);
  float g = gradient[index];
  float m = firstMoment[index] + firstShare * (g - firstMoment[index]);
  float v = secondDecay * secondMoment[index] + secondShare * g * g;
  firstMoment[index] = m;
  secondMoment[index] = v;
  parameter[index] -= stepSize * m / (sqrtf(v) / rootCorrection + epsilon);
}

/// x + share · (y − x), in place.
extern "C" __global__ void pointwise_blend(float *x, const float *y, unsigned count, float share) {
  ELEMENT(index, count);
  x[index] += share * (y[index] - x[index]);
}

extern "C" __global__ void pointwise_clip(float *x, unsigned count, float limit) {
  ELEMENT(index, count);
  x[index] = fminf(fmaxf(x[index], -limit), limit);
}
