#pragma once

#include <string.h>

// One source for all CPUs: the compiler makes an AVX2 version beside the portable one where the
// loader can choose between them.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_CPU __attribute__((target_clones("avx2", "default")))
#else
#define FOR_EACH_CPU
#endif

// What is inlined with a constant number of channels is unrolled over them.
#define INLINED static inline __attribute__((always_inline))

// Calls a macro with the number of channels as a constant.
#define FOR_CHANNELS(channels, CALL)                                                               \
  switch (channels) {                                                                              \
  case 1: CALL(1); break;                                                                          \
  case 2: CALL(2); break;                                                                          \
  case 3: CALL(3); break;                                                                          \
  default: CALL(4); break;                                                                         \
  }
