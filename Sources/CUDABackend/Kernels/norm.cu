// Instance norm with its activation and residual. Pictures are [N, rows, C], rows the pixels; what
// was measured is [N, C]. Scale and shift [C] are both there or both null.

/// What normalization makes of an element, before the activation.
__device__ inline float scaled(float normal, Elements scale, Elements shift, unsigned channel) {
  return scale ? normal * scale[channel] + shift[channel] : normal;
}

template <int wide>
__device__ inline void measure(Elements x, Elements mean, Elements inverseDeviation, double *parts,
                               unsigned *arrivals, double *shared, unsigned rows,
                               unsigned channels, unsigned width, unsigned perPart,
                               float epsilon) {
  double sums[2][wide] = {};
  bool hasTotals = add_rows<2, wide>(
      sums, parts, arrivals, shared, rows, channels, width, perPart,
      [=](unsigned index, unsigned, double(&sums)[2][wide]) {
        Group<wide> values = x.load<wide>(index);
        for (int k = 0; k < wide; k++) {
          double value = values.at[k];
          sums[0][k] += value;
          sums[1][k] += value * value;
        }
      });
  if (!hasTotals) return;
  Group<wide> means, inverses;
  for (int k = 0; k < wide; k++) {
    double average = sums[0][k] / rows;
    double variance = sums[1][k] / rows - average * average;
    means.at[k] = (float)average;
    inverses.at[k] = (float)(1 / sqrt((variance > 0 ? variance : 0) + epsilon));
  }
  unsigned plane = blockIdx.z * channels + place<wide>(width).column;
  mean.store<wide>(plane, means);
  inverseDeviation.store<wide>(plane, inverses);
}

/// Mean and 1 / √(variance + ε) of each picture's channels.
extern "C" __global__ void norm_statistics(Elements x, Elements mean, Elements inverseDeviation,
                                           double *parts, unsigned *arrivals, unsigned rows,
                                           unsigned channels, unsigned width, unsigned perPart,
                                           float epsilon) {
  __shared__ double shared[GROUP * THREADS];
  if (channels % GROUP == 0) {
    measure<GROUP>(x, mean, inverseDeviation, parts, arrivals, shared, rows, channels, width,
                   perPart, epsilon);
  } else {
    measure<1>(x, mean, inverseDeviation, parts, arrivals, shared, rows, channels, width, perPart,
               epsilon);
  }
}

/// activation(x̂ · scale + shift) + residual at `wide` elements of one pixel.
template <int wide>
__device__ inline void apply(Elements x, Elements mean, Elements inverseDeviation, Elements scale,
                             Elements shift, Elements residual, Elements y, unsigned index,
                             unsigned perPicture, unsigned channels, float slope) {
  unsigned channel = index % channels, plane = index / perPicture * channels + channel;
  Group<wide> values = x.load<wide>(index);
  Group<wide> means = mean.load<wide>(plane), inverses = inverseDeviation.load<wide>(plane);
  for (int k = 0; k < wide; k++) {
    float normal = (values.at[k] - means.at[k]) * inverses.at[k];
    float z = scaled(normal, scale, shift, channel + k);
    values.at[k] = z > 0 ? z : slope * z;
  }
  if (residual) {
    Group<wide> added = residual.load<wide>(index);
    for (int k = 0; k < wide; k++) values.at[k] += added.at[k];
  }
  y.store<wide>(index, values);
}

/// activation(x̂ · scale + shift) + residual; the residual may be null.
extern "C" __global__ void norm_apply(Elements x, Elements mean, Elements inverseDeviation,
                                      Elements scale, Elements shift, Elements residual,
                                      Elements y, unsigned count, unsigned perPicture,
                                      unsigned channels, float slope) {
  GROUP_FROM(first, count);
  if (channels % GROUP == 0) {
    apply<GROUP>(x, mean, inverseDeviation, scale, shift, residual, y, first, perPicture, channels,
                 slope);
    return;
  }
  for (unsigned index = first; index < first + GROUP && index < count; index++) {
    apply<1>(x, mean, inverseDeviation, scale, shift, residual, y, index, perPicture, channels,
             slope);
  }
}

template <int wide>
__device__ inline void measure_gradient(Elements dy, Elements x, Elements mean,
                                        Elements inverseDeviation, Elements scale, Elements shift,
                                        Elements plain, Elements products, double *parts,
                                        unsigned *arrivals, double *shared, unsigned rows,
                                        unsigned channels, unsigned width, unsigned perPart,
                                        float slope) {
  Place at = place<wide>(width);
  Group<wide> means = {}, inverses = {};
  if (at.column < channels) {
    means = mean.load<wide>(blockIdx.z * channels + at.column);
    inverses = inverseDeviation.load<wide>(blockIdx.z * channels + at.column);
  }
  double sums[2][wide] = {};
  bool hasTotals = add_rows<2, wide>(
      sums, parts, arrivals, shared, rows, channels, width, perPart,
      [=](unsigned index, unsigned channel, double(&sums)[2][wide]) {
        Group<wide> values = x.load<wide>(index), gradients = dy.load<wide>(index);
        for (int k = 0; k < wide; k++) {
          float normal = (values.at[k] - means.at[k]) * inverses.at[k];
          float z = scaled(normal, scale, shift, channel + k);
          double g = z > 0 ? gradients.at[k] : slope * gradients.at[k];
          sums[0][k] += g;
          sums[1][k] += g * normal;
        }
      });
  if (!hasTotals) return;
  for (int k = 0; k < wide; k++) {
    plain.set(blockIdx.z * channels + at.column + k, (float)sums[0][k]);
    products.set(blockIdx.z * channels + at.column + k, (float)sums[1][k]);
  }
}

/// Sums of g and of g · x̂, [N, C] each, where g = dy · activation′: per picture the gradients of
/// shift and scale.
extern "C" __global__ void norm_gradient_sums(Elements dy, Elements x, Elements mean,
                                              Elements inverseDeviation, Elements scale,
                                              Elements shift, Elements plain, Elements products,
                                              double *parts, unsigned *arrivals, unsigned rows,
                                              unsigned channels, unsigned width, unsigned perPart,
                                              float slope) {
  __shared__ double shared[GROUP * THREADS];
  if (channels % GROUP == 0) {
    measure_gradient<GROUP>(dy, x, mean, inverseDeviation, scale, shift, plain, products, parts,
                            arrivals, shared, rows, channels, width, perPart, slope);
  } else {
    measure_gradient<1>(dy, x, mean, inverseDeviation, scale, shift, plain, products, parts,
                        arrivals, shared, rows, channels, width, perPart, slope);
  }
}

/// scale / σ · (g − mean(g) − x̂ · mean(g · x̂)) at `wide` elements of one pixel.
template <int wide>
__device__ inline void gradient(Elements dy, Elements x, Elements mean, Elements inverseDeviation,
                                Elements scale, Elements shift, Elements plain, Elements products,
                                Elements dx, unsigned index, unsigned perPicture,
                                unsigned channels, float slope) {
  unsigned channel = index % channels, plane = index / perPicture * channels + channel;
  float share = (float)channels / (float)perPicture;
  Group<wide> values = x.load<wide>(index), gradients = dy.load<wide>(index);
  Group<wide> means = mean.load<wide>(plane), inverses = inverseDeviation.load<wide>(plane);
  Group<wide> plains = plain.load<wide>(plane), mixed = products.load<wide>(plane);
  for (int k = 0; k < wide; k++) {
    float normal = (values.at[k] - means.at[k]) * inverses.at[k];
    float z = scaled(normal, scale, shift, channel + k);
    float g = z > 0 ? gradients.at[k] : slope * gradients.at[k];
    float centred = g - plains.at[k] * share - normal * (mixed.at[k] * share);
    values.at[k] = (scale ? scale[channel + k] : 1) * inverses.at[k] * centred;
  }
  dx.store<wide>(index, values);
}

/// dx = scale / σ · (g − mean(g) − x̂ · mean(g · x̂)).
extern "C" __global__ void norm_gradient(Elements dy, Elements x, Elements mean,
                                         Elements inverseDeviation, Elements scale, Elements shift,
                                         Elements plain, Elements products, Elements dx,
                                         unsigned count, unsigned perPicture, unsigned channels,
                                         float slope) {
  GROUP_FROM(first, count);
  if (channels % GROUP == 0) {
    gradient<GROUP>(dy, x, mean, inverseDeviation, scale, shift, plain, products, dx, first,
                    perPicture, channels, slope);
    return;
  }
  for (unsigned index = first; index < first + GROUP && index < count; index++) {
    gradient<1>(dy, x, mean, inverseDeviation, scale, shift, plain, products, dx, index,
                perPicture, channels, slope);
  }
}
