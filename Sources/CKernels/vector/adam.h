// Kingma and Ba, arXiv:1412.6980, with the two bias corrections folded into rate and correction2.

static void KERNEL(f32_adam)(const kernels_adam *a) {
  vector rate = splat(-a->rate), correction = splat(a->correction2), epsilon = splat(a->epsilon);
  vector keep1 = splat(a->keep1), take1 = splat(a->take1);
  vector keep2 = splat(a->keep2), take2 = splat(a->take2);
  size_t i = 0;
  for (; i + LANES <= a->count; i += LANES) {
    vector g = load(a->gradient + i);
    vector m = fma_(keep1, load(a->moment1 + i), take1 * g);
    vector v = fma_(keep2, load(a->moment2 + i), take2 * g * g);
    vector step = m / fma_(square_root(v), correction, epsilon);
    store(a->moment1 + i, m), store(a->moment2 + i, v);
    store(a->parameter + i, fma_(rate, step, load(a->parameter + i)));
  }
  for (; i < a->count; i++) {
    float g = a->gradient[i];
    float m = __builtin_fmaf(a->keep1, a->moment1[i], a->take1 * g);
    float v = __builtin_fmaf(a->keep2, a->moment2[i], a->take2 * g * g);
    float step = m / __builtin_fmaf(__builtin_sqrtf(v), a->correction2, a->epsilon);
    a->moment1[i] = m, a->moment2[i] = v;
    a->parameter[i] = __builtin_fmaf(-a->rate, step, a->parameter[i]);
  }
}
