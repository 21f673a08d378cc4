#include "kernels.h"

extern const kernels_table kernels__reference;
#if defined(__x86_64__)
extern const kernels_table kernels__avx2, kernels__avx512;
#elif defined(__aarch64__)
extern const kernels_table kernels__neon;
#endif

const kernels_table *kernels_for(kernels_isa isa) {
  switch (isa) {
  case KERNELS_REFERENCE: return &kernels__reference;
#if defined(__x86_64__)
  case KERNELS_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernels__avx2 : NULL;
  case KERNELS_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl")
               ? &kernels__avx512
               : NULL;
#elif defined(__aarch64__)
  case KERNELS_NEON: return &kernels__neon;  // every 64-bit ARM has it
#endif
  default: return NULL;
  }
}
