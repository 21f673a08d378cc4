// Instance norm with its activation and residual, measured by one launch and applied by another.
// Pictures are [N, rows, C], rows the pixels; what was measured is [N, C]. Scale and shift [C] are
// both there or both null.

/// What normalization makes of an element, before the activation.
__device__ inline float scaled(float normal, Elements scale, Elements shift, unsigned channel) {
  return scale ? normal * scale[channel] + shift[channel] : normal;
}

/// 1 / √(variance + ε), of sums over so many rows.
__device__ inline float inverse_deviation(double sum, double squares, unsigned rows,
                                          float epsilon) {
  double average = sum / rows, variance = squares / rows - average * average;
  return (float)(1 / sqrt((variance > 0 ? variance : 0) + epsilon));
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
    means.at[k] = (float)(sums[0][k] / rows);
    inverses.at[k] = inverse_deviation(sums[0][k], sums[1][k], rows, epsilon);
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

/// activation(x̂ · scale + shift) of `wide` channels, plus the residual's.
template <int wide>
__device__ inline Group<wide> activated(Group<wide> values, const Group<wide> &means,
                                        const Group<wide> &inverses, Elements scale,
                                        Elements shift, unsigned channel, float slope) {
  for (int k = 0; k < wide; k++) {
    float normal = (values.at[k] - means.at[k]) * inverses.at[k];
    float z = scaled(normal, scale, shift, channel + k);
    values.at[k] = z > 0 ? z : slope * z;
  }
  return values;
}

template <int wide>
__device__ inline Group<wide> plus(Group<wide> values, Elements residual, unsigned place) {
  Group<wide> added = residual.load<wide>(place);
  for (int k = 0; k < wide; k++) values.at[k] += added.at[k];
  return values;
}

template <int wide>
__device__ inline void apply(Elements x, Elements mean, Elements inverseDeviation, Elements scale,
                             Elements shift, Elements residual, Elements y, unsigned index,
                             Inside inside, int residualBorder, int border, float slope) {
  unsigned channel = index % inside.channels, pixel = index / inside.channels;
  unsigned plane = pixel / (inside.height * inside.width) * inside.channels + channel;
  Group<wide> values =
      activated<wide>(x.load<wide>(index), mean.load<wide>(plane),
                      inverseDeviation.load<wide>(plane), scale, shift, channel, slope);
  if (residual) {
    values = plus<wide>(values, residual, inside.place(pixel, residualBorder) + channel);
  }
  inside.put<wide>(y, border, pixel, channel, values);
}

/// y with a border: activation(x̂ · scale + shift) + residual, which may be null, or have a border.
/// `count` elements of x.
extern "C" __global__ void norm_apply(Elements x, Elements mean, Elements inverseDeviation,
                                      Elements scale, Elements shift, Elements residual,
                                      Elements y, unsigned count, int height, int width,
                                      unsigned channels, int residualBorder, int border,
                                      float slope) {
  GROUP_FROM(first, count);
  Inside inside = {height, width, channels};
  if (channels % GROUP == 0) {
    apply<GROUP>(x, mean, inverseDeviation, scale, shift, residual, y, first, inside,
                 residualBorder, border, slope);
    return;
  }
  for (unsigned index = first; index < first + GROUP && index < count; index++) {
    apply<1>(x, mean, inverseDeviation, scale, shift, residual, y, index, inside, residualBorder,
             border, slope);
  }
}

/// A gradient in two parts: g = dy · activation′, and x̂, of `wide` channels.
template <int wide>
struct Pulled {
  Group<wide> plain, normal;

  __device__ Pulled(const Group<wide> &gradients, const Group<wide> &values,
                    const Group<wide> &means, const Group<wide> &inverses, Elements scale,
                    Elements shift, unsigned channel, float slope) {
    for (int k = 0; k < wide; k++) {
      normal.at[k] = (values.at[k] - means.at[k]) * inverses.at[k];
      float z = scaled(normal.at[k], scale, shift, channel + k);
      plain.at[k] = z > 0 ? gradients.at[k] : slope * gradients.at[k];
    }
  }

  __device__ void addTo(double (&sums)[2][wide]) const {
    for (int k = 0; k < wide; k++) {
      double g = plain.at[k];
      sums[0][k] += g;
      sums[1][k] += g * normal.at[k];
    }
  }

  /// scale / σ · (g − mean(g) − x̂ · mean(g · x̂)); `share` is what one pixel counts in a mean.
  __device__ Group<wide> centred(const Group<wide> &plains, const Group<wide> &products,
                                 const Group<wide> &inverses, Elements scale, unsigned channel,
                                 float share) const {
    Group<wide> result;
    for (int k = 0; k < wide; k++) {
      float g = plain.at[k] - plains.at[k] * share - normal.at[k] * (products.at[k] * share);
      result.at[k] = (scale ? scale[channel + k] : 1) * inverses.at[k] * g;
    }
    return result;
  }
};

template <int wide>
__device__ inline void measure_gradient(Elements dy, Elements x, Elements mean,
                                        Elements inverseDeviation, Elements scale, Elements shift,
                                        Elements plain, Elements products, double *parts,
                                        unsigned *arrivals, double *shared, unsigned rows,
                                        unsigned width, unsigned perPart, Inside inside,
                                        int border, float slope) {
  Place at = place<wide>(width);
  unsigned channels = inside.channels, plane = blockIdx.z * channels + at.column;
  Group<wide> means = {}, inverses = {};
  if (at.column < channels) {
    means = mean.load<wide>(plane);
    inverses = inverseDeviation.load<wide>(plane);
  }
  double sums[2][wide] = {};
  bool hasTotals = add_rows<2, wide>(
      sums, parts, arrivals, shared, rows, channels, width, perPart,
      [=](unsigned index, unsigned channel, double(&sums)[2][wide]) {
        Group<wide> gradients = inside.folded<wide>(dy, border, index / inside.channels, channel);
        Pulled<wide> pulled(gradients, x.load<wide>(index), means, inverses, scale, shift, channel,
                            slope);
        pulled.addTo(sums);
      });
  if (!hasTotals) return;
  for (int k = 0; k < wide; k++) {
    plain.set(plane + k, (float)sums[0][k]);
    products.set(plane + k, (float)sums[1][k]);
  }
}

/// Sums of g and of g · x̂, [N, C] each, where g = dy · activation′ and dy is folded if it has a
/// border: per picture the gradients of shift and scale.
extern "C" __global__ void norm_gradient_sums(Elements dy, Elements x, Elements mean,
                                              Elements inverseDeviation, Elements scale,
                                              Elements shift, Elements plain, Elements products,
                                              double *parts, unsigned *arrivals, int height,
                                              int pictureWidth, unsigned channels, unsigned width,
                                              unsigned perPart, int border, float slope) {
  __shared__ double shared[GROUP * THREADS];
  Inside inside = {height, pictureWidth, channels};
  unsigned rows = height * pictureWidth;
  if (channels % GROUP == 0) {
    measure_gradient<GROUP>(dy, x, mean, inverseDeviation, scale, shift, plain, products, parts,
                            arrivals, shared, rows, width, perPart, inside, border, slope);
  } else {
    measure_gradient<1>(dy, x, mean, inverseDeviation, scale, shift, plain, products, parts,
                        arrivals, shared, rows, width, perPart, inside, border, slope);
  }
}

/// The gradient at `wide` elements of one pixel.
template <int wide>
__device__ inline void gradient(Elements dy, Elements x, Elements mean, Elements inverseDeviation,
                                Elements scale, Elements shift, Elements plain, Elements products,
                                Elements dx, unsigned index, Inside inside, int border,
                                float slope) {
  unsigned channel = index % inside.channels, pixel = index / inside.channels;
  unsigned pixels = inside.height * inside.width;
  unsigned plane = pixel / pixels * inside.channels + channel;
  Group<wide> inverses = inverseDeviation.load<wide>(plane);
  Pulled<wide> pulled(inside.folded<wide>(dy, border, pixel, channel), x.load<wide>(index),
                      mean.load<wide>(plane), inverses, scale, shift, channel, slope);
  dx.store<wide>(index, pulled.centred(plain.load<wide>(plane), products.load<wide>(plane),
                                       inverses, scale, channel, 1.0f / (float)pixels));
}

/// dx = scale / σ · (g − mean(g) − x̂ · mean(g · x̂)); `count` elements of it.
extern "C" __global__ void norm_gradient(Elements dy, Elements x, Elements mean,
                                         Elements inverseDeviation, Elements scale, Elements shift,
                                         Elements plain, Elements products, Elements dx,
                                         unsigned count, int height, int width, unsigned channels,
                                         int border, float slope) {
  GROUP_FROM(first, count);
  Inside inside = {height, width, channels};
  if (channels % GROUP == 0) {
    gradient<GROUP>(dy, x, mean, inverseDeviation, scale, shift, plain, products, dx, first,
                    inside, border, slope);
    return;
  }
  for (unsigned index = first; index < first + GROUP && index < count; index++) {
    gradient<1>(dy, x, mean, inverseDeviation, scale, shift, plain, products, dx, index, inside,
                border, slope);
  }
}
