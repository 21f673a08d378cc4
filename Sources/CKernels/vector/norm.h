// Normalization passes. All are bound by memory: channels run in vectors, the tail one by one.

static void KERNEL(f32_norm_sums)(const kernels_norm *n, const float *origin, float *sums,
                                  float *squares) {
  int c = 0;
  for (; c + LANES <= n->channels; c += LANES) {
    vector from = load(origin + c), sum = load(sums + c), square = load(squares + c);
    const float *x = n->x + c;
    for (int p = 0; p < n->pixels; p++, x += n->channels) {
      vector d = load(x) - from;
      sum += d, square = fma_(d, d, square);
    }
    store(sums + c, sum), store(squares + c, square);
  }
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

static void KERNEL(f32_norm_gradient_sums)(const kernels_norm *n, float *sums, float *products) {
  vector slope = splat(n->slope);
  int c = 0;
  for (; c + LANES <= n->channels; c += LANES) {
    vector scale = load(n->scale + c), shift = load(n->shift + c);
    vector factor = load(n->factor + c), offset = load(n->offset + c);
    vector sum = load(sums + c), product = load(products + c);
    const float *x = n->x + c, *dy = n->dy + c;
    for (int p = 0; p < n->pixels; p++, x += n->channels, dy += n->channels) {
      vector value = load(x), g = load(dy), z = fma_(value, scale, shift);
      g = where_positive(z, g, g * slope);
      sum += g, product = fma_(g, fma_(value, factor, offset), product);
    }
    store(sums + c, sum), store(products + c, product);
  }
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
