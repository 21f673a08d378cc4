// All kernels for one instruction set, and their table. The includer defines ISA, LANES, TILE_ROWS
// and opens the target attribute.
#include "vector.h"

#include "gemm.h"
#include "outer.h"
#include "winograd_transforms.h"

#include "winograd_tiles.h"

#include "winograd_filters.h"

#include "winograd_rows.h"

#include "adam.h"
#include "norm.h"
#include "peak.h"
#include "tanh.h"

#define TABLE(people)                                                                              \
  const kernels_table KERNEL(kernels) = {                                                          \
      .name = people,                                                                              \
      .panels_at_once = TILE_PANELS,                                                               \
      .gemm = KERNEL(f32_gemm),                                                                    \
      .outer = KERNEL(f32_outer),                                                                  \
      .winograd_data = KERNEL(f32_winograd_data),                                                  \
      .winograd_data_adjoint = KERNEL(f32_winograd_data_adjoint),                                  \
      .winograd_output = KERNEL(f32_winograd_output),                                              \
      .winograd_output_adjoint = KERNEL(f32_winograd_output_adjoint),                              \
      .winograd_filter = KERNEL(f32_winograd_filter),                                              \
      .winograd_filter_transposed = KERNEL(f32_winograd_filter_transposed),                        \
      .winograd_filter_adjoint = KERNEL(f32_winograd_filter_adjoint),                              \
      .winograd_rows = KERNEL(f32_winograd_rows),                                                  \
      .norm_sums = KERNEL(f32_norm_sums),                                                          \
      .norm_apply = KERNEL(f32_norm_apply),                                                        \
      .norm_gradient_sums = KERNEL(f32_norm_gradient_sums),                                        \
      .norm_gradient = KERNEL(f32_norm_gradient),                                                  \
      .tanh = KERNEL(f32_tanh),                                                                    \
      .adam = KERNEL(f32_adam),                                                                    \
      .multiply_add = KERNEL(f32_multiply_add),                                                    \
  };
