// The scalar twins: each kernel by its definition, for reading, for checking the others, and for
// CPUs without a known vector unit. Winograd goes through its matrices, multiplied out.
#include "reference.h"

static void f32_gemm__reference(const kernels_gemm *g) {
  for (int p = 0; p < g->pixels; p++)
    for (int j = 0; j < g->columns; j++) {
      int panel = j / KERNELS_PANEL, lane = j % KERNELS_PANEL;
      float sum = 0;
      for (int t = 0; t < g->tap_count; t++)
        for (int k = 0; k < g->depth; k++)
          sum += g->input[p * g->input_pixel + g->taps[t] + k] *
                 g->weights[panel * g->weights_panel + (t * g->depth + k) * KERNELS_PANEL + lane];
      if (g->bias) sum += g->bias[j];
      float *to = &g->output[p * g->output_pixel + panel * g->output_panel + lane];
      *to = g->accumulate ? *to + sum : sum;
    }
}

static void f32_outer__reference(const kernels_outer *o) {
  for (int i = 0; i < o->count; i++)
    for (int j = 0; j < o->panels * KERNELS_PANEL; j++) {
      int panel = j / KERNELS_PANEL, lane = j % KERNELS_PANEL;
      float sum = 0;
      for (int y = 0; y < o->rows; y++)
        for (int x = 0; x < o->pixels; x++)
          sum += o->left[y * o->left_row + x * o->left_pixel + i] *
                 o->right[panel * o->right_panel + y * o->right_row + x * o->right_pixel + lane];
      float *to = &o->output[panel * o->output_panel + i * o->output_row + lane];
      *to = o->accumulate ? *to + sum : sum;
    }
}

static float activated(const kernels_norm *n, ptrdiff_t i, int c, float value) {
  return n->x[i] * n->scale[c] + n->shift[c] > 0 ? value : value * n->slope;
}

static void f32_norm_sums__reference(const kernels_norm *n, const float *origin, float *sums,
                                     float *squares) {
  for (ptrdiff_t p = 0; p < n->pixels; p++)
    for (int c = 0; c < n->channels; c++) {
      float d = n->x[p * n->channels + c] - origin[c];
      sums[c] += d, squares[c] += d * d;
    }
}

static void f32_norm_apply__reference(const kernels_norm *n) {
  for (ptrdiff_t p = 0; p < n->pixels; p++)
    for (int c = 0; c < n->channels; c++) {
      ptrdiff_t i = p * n->channels + c;
      float z = activated(n, i, c, n->x[i] * n->scale[c] + n->shift[c]);
      n->output[i] = n->residual ? z + n->residual[i] : z;
    }
}

static void f32_norm_gradient_sums__reference(const kernels_norm *n, float *sums, float *products) {
  for (ptrdiff_t p = 0; p < n->pixels; p++)
    for (int c = 0; c < n->channels; c++) {
      ptrdiff_t i = p * n->channels + c;
      float g = activated(n, i, c, n->dy[i]);
      sums[c] += g, products[c] += g * (n->x[i] * n->factor[c] + n->offset[c]);
    }
}

static void f32_norm_gradient__reference(const kernels_norm *n) {
  for (ptrdiff_t p = 0; p < n->pixels; p++)
    for (int c = 0; c < n->channels; c++) {
      ptrdiff_t i = p * n->channels + c;
      n->output[i] = activated(n, i, c, n->dy[i]) * n->factor[c] + n->offset[c] +
                     n->x[i] * n->tilt[c];
    }
}

static void f32_tanh__reference(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = __builtin_tanhf(x[i]);
}

static void f32_adam__reference(const kernels_adam *a) {
  for (size_t i = 0; i < a->count; i++) {
    float g = a->gradient[i];
    a->moment1[i] = a->keep1 * a->moment1[i] + a->take1 * g;
    a->moment2[i] = a->keep2 * a->moment2[i] + a->take2 * g * g;
    float deviation = __builtin_sqrtf(a->moment2[i]) * a->correction2 + a->epsilon;
    a->parameter[i] -= a->rate * a->moment1[i] / deviation;
  }
}

static void f32_multiply_add__reference(float *values, float factor, float addend, long rounds) {
  for (long round = 0; round < rounds; round++)
    for (int i = 0; i < KERNELS_CHAINED; i++) values[i] = values[i] * factor + addend;
}

const kernels_table kernels__reference = {
    .name = "portable C",
    .panels_at_once = 1,
    .gemm = f32_gemm__reference,
    .outer = f32_outer__reference,
    .winograd_data = f32_winograd_data__reference,
    .winograd_data_adjoint = f32_winograd_data_adjoint__reference,
    .winograd_output = f32_winograd_output__reference,
    .winograd_output_adjoint = f32_winograd_output_adjoint__reference,
    .winograd_filter = f32_winograd_filter__reference,
    .winograd_filter_transposed = f32_winograd_filter_transposed__reference,
    .winograd_filter_adjoint = f32_winograd_filter_adjoint__reference,
    .winograd_rows = f32_winograd_rows__reference,
    .norm_sums = f32_norm_sums__reference,
    .norm_apply = f32_norm_apply__reference,
    .norm_gradient_sums = f32_norm_gradient_sums__reference,
    .norm_gradient = f32_norm_gradient__reference,
    .tanh = f32_tanh__reference,
    .adam = f32_adam__reference,
    .multiply_add = f32_multiply_add__reference,
};
