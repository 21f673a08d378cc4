// Normalization passes. All are bound by memory: channels run in vectors, the tail one by one.

// Sums run over the pixels, each a chain of dependent additions: several vectors of channels side by
// side hide its latency.

INLINE void sum_channels(const kernels_norm *n, const float *origin, float *sums, float *squares,
                         int c, const int vectors) {
  vector from[4], sum[4], square[4];
  UNROLL for (int v = 0; v < vectors; v++) {
    int at = c + v * LANES;
    from[v] = load(origin + at), sum[v] = load(sums + at), square[v] = load(squares + at);
  }
  const float *x = n->x + c;
  for (int p = 0; p < n->pixels; p++, x += n->channels)
    UNROLL for (int v = 0; v < vectors; v++) {
      vector d = load(x + v * LANES) - from[v];
      sum[v] += d, square[v] = fma_(d, d, square[v]);
    }
  UNROLL for (int v = 0; v < vectors; v++) {
    store(sums + c + v * LANES, sum[v]), store(squares + c + v * LANES, square[v]);
  }
}

static void KERNEL(f32_norm_sums)(const kernels_norm *n, const float *origin, float *sums,
                                  float *squares) {
  int c = 0;
  for (; c + 4 * LANES <= n->channels; c += 4 * LANES)
    sum_channels(n, origin, sums, squares, c, 4);
  for (; c + LANES <= n->channels; c += LANES) sum_channels(n, origin, sums, squares, c, 1);
  for (; c < n->channels; c++)
    for (int p = 0; p < n->pixels; p++) {
      float d = n->x[(ptrdiff_t)p * n->channels + c] - origin[c];
      sums[c] += d, squares[c] += d * d;
    }
}

static void KERNEL(f32_norm_apply)(const kernels_norm *n) {
  vector slope = splat(n->slope);
  for (ptrdiff_t p = 0; p < n->pixels; p++) {
    const float *x = n->x + p * n->channels;
    const float *residual = n->residual ? n->residual + p * n->channels : NULL;
    float *y = n->output + p * n->channels;
    int c = 0;
    for (; c + LANES <= n->channels; c += LANES) {
      vector z = fma_(load(x + c), load(n->scale + c), load(n->shift + c));
      z = where_positive(z, z, z * slope);
      store(y + c, residual ? z + load(residual + c) : z);
    }
    for (; c < n->channels; c++) {
      float z = __builtin_fmaf(x[c], n->scale[c], n->shift[c]);
      z = z > 0 ? z : z * n->slope;
      y[c] = residual ? z + residual[c] : z;
    }
  }
}

INLINE void sum_gradients(const kernels_norm *n, float *sums, float *products, int c,
                          const int vectors) {
  vector slope = splat(n->slope);
  vector scale[2], shift[2], factor[2], offset[2], sum[2], product[2];
  UNROLL for (int v = 0; v < vectors; v++) {
    int at = c + v * LANES;
    scale[v] = load(n->scale + at), shift[v] = load(n->shift + at);
    factor[v] = load(n->factor + at), offset[v] = load(n->offset + at);
    sum[v] = load(sums + at), product[v] = load(products + at);
  }
  const float *x = n->x + c, *dy = n->dy + c;
  for (int p = 0; p < n->pixels; p++, x += n->channels, dy += n->channels)
    UNROLL for (int v = 0; v < vectors; v++) {
      vector value = load(x + v * LANES), g = load(dy + v * LANES);
      g = where_positive(fma_(value, scale[v], shift[v]), g, g * slope);
      sum[v] += g, product[v] = fma_(g, fma_(value, factor[v], offset[v]), product[v]);
    }
  UNROLL for (int v = 0; v < vectors; v++) {
    store(sums + c + v * LANES, sum[v]), store(products + c + v * LANES, product[v]);
  }
}

static void KERNEL(f32_norm_gradient_sums)(const kernels_norm *n, float *sums, float *products) {
  int c = 0;
  for (; c + 2 * LANES <= n->channels; c += 2 * LANES) sum_gradients(n, sums, products, c, 2);
  for (; c + LANES <= n->channels; c += LANES) sum_gradients(n, sums, products, c, 1);
  for (; c < n->channels; c++)
    for (ptrdiff_t p = 0; p < n->pixels; p++) {
      float value = n->x[p * n->channels + c], g = n->dy[p * n->channels + c];
      g = __builtin_fmaf(value, n->scale[c], n->shift[c]) > 0 ? g : g * n->slope;
      sums[c] += g, products[c] += g * __builtin_fmaf(value, n->factor[c], n->offset[c]);
    }
}

static void KERNEL(f32_norm_gradient)(const kernels_norm *n) {
  vector slope = splat(n->slope);
  for (ptrdiff_t p = 0; p < n->pixels; p++) {
    const float *x = n->x + p * n->channels, *dy = n->dy + p * n->channels;
    float *dx = n->output + p * n->channels;
    int c = 0;
    for (; c + LANES <= n->channels; c += LANES) {
      vector value = load(x + c), g = load(dy + c);
      vector z = fma_(value, load(n->scale + c), load(n->shift + c));
      g = where_positive(z, g, g * slope);
      vector d = fma_(g, load(n->factor + c), load(n->offset + c));
      store(dx + c, fma_(value, load(n->tilt + c), d));
    }
    for (; c < n->channels; c++) {
      float g = __builtin_fmaf(x[c], n->scale[c], n->shift[c]) > 0 ? dy[c] : dy[c] * n->slope;
      dx[c] = g * n->factor[c] + n->offset[c] + x[c] * n->tilt[c];
    }
  }
}
