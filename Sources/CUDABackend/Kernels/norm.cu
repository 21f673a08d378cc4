// Instance norm with its activation and residual. Pictures are [N, rows, C], rows the pixels; what
// was measured is [N, C]. Scale and shift [C] are both there or both null.

/// The normalized value before the activation.
__device__ inline float scaled(float normal, const float *scale, const float *shift,
                               unsigned channel) {
  return scale ? normal * scale[channel] + shift[channel] : normal;
}

/// Part sums of x and x².
extern "C" __global__ void norm_parts(const float *x, double *parts, unsigned rows,
                                      unsigned channels, unsigned width, unsigned perPart) {
  add_part<2>(parts, rows, channels, width, perPart,
              [=](unsigned index, unsigned, double *sums) {
                double value = x[index];
                sums[0] += value;
                sums[1] += value * value;
              });
}

/// Mean and 1 / √(variance + ε) of part sums.
extern "C" __global__ void norm_statistics(const double *parts, float *mean,
                                           float *inverseDeviation, unsigned count,
                                           unsigned channels, unsigned width, unsigned rows,
                                           float epsilon) {
  double sums[2];
  if (!add_parts<2>(sums, parts, count, channels, width)) return;
  unsigned index = blockIdx.z * channels + place(width).column;
  double average = sums[0] / rows;
  double variance = sums[1] / rows - average * average;
  mean[index] = (float)average;
  inverseDeviation[index] = (float)(1 / sqrt((variance > 0 ? variance : 0) + epsilon));
}

/// activation(x̂ · scale + shift) + residual; the residual may be null.
extern "C" __global__ void norm_apply(const float *x, const float *mean,
                                      const float *inverseDeviation, const float *scale,
                                      const float *shift, const float *residual, float *y,
                                      unsigned count, unsigned perPicture, unsigned channels,
                                      float slope) {
  unsigned index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= count) return;
  unsigned channel = index % channels, plane = index / perPicture * channels + channel;
  float normal = (x[index] - mean[plane]) * inverseDeviation[plane];
  float z = scaled(normal, scale, shift, channel);
  float value = z > 0 ? z : slope * z;
  y[index] = residual ? value + residual[index] : value;
}

/// Part sums of g and g · x̂, where g = dy · activation′.
extern "C" __global__ void norm_gradient_parts(const float *dy, const float *x, const float *mean,
                                               const float *inverseDeviation, const float *scale,
                                               const float *shift, double *parts, unsigned rows,
                                               unsigned channels, unsigned width, unsigned perPart,
                                               float slope) {
  add_part<2>(parts, rows, channels, width, perPart,
              [=](unsigned index, unsigned channel, double *sums) {
                unsigned plane = blockIdx.z * channels + channel;
                float normal = (x[index] - mean[plane]) * inverseDeviation[plane];
                float z = scaled(normal, scale, shift, channel);
                double g = z > 0 ? dy[index] : slope * dy[index];
                sums[0] += g;
                sums[1] += g * normal;
              });
}

/// Sums of g and of g · x̂, [N, C] each, of part sums: per picture the gradients of shift and scale.
extern "C" __global__ void norm_gradient_sums(const double *parts, float *plain, float *products,
                                              unsigned count, unsigned channels, unsigned width) {
  double sums[2];
  if (!add_parts<2>(sums, parts, count, channels, width)) return;
  unsigned index = blockIdx.z * channels + place(width).column;
  plain[index] = (float)sums[0];
  products[index] = (float)sums[1];
}

/// dx = scale / σ · (g − mean(g) − x̂ · mean(g · x̂)).
extern "C" __global__ void norm_gradient(const float *dy, const float *x, const float *mean,
                                         const float *inverseDeviation, const float *scale,
                                         const float *shift, const float *plain,
                                         const float *products, float *dx, unsigned count,
                                         unsigned perPicture, unsigned channels, float slope) {
  unsigned index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= count) return;
  unsigned channel = index % channels, plane = index / perPicture * channels + channel;
  float pixels = (float)(perPicture / channels);
  float normal = (x[index] - mean[plane]) * inverseDeviation[plane];
  float z = scaled(normal, scale, shift, channel);
  float g = z > 0 ? dy[index] : slope * dy[index];
  float centred = g - plain[plane] / pixels - normal * (products[plane] / pixels);
  dx[index] = (scale ? scale[channel] : 1) * inverseDeviation[plane] * centred;
}
