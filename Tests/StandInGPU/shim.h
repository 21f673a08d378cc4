// CUDA's words for kernels, in C++: a block's threads take turns on one thread of the processor.
// Blocks of a cluster run at the same time, each on a thread of its own; others one after the other.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

struct Index {
  unsigned x, y, z;
};

extern thread_local Index threadIdx, blockIdx;
extern Index blockDim, gridDim;

/// Waits for all threads of the block: lets the next one run.
void __syncthreads();

/// Waits for all threads of the cluster: lets those of the block come here, then the block waits.
void wait_for_cluster();
#define IN_CLUSTERS

/// Only for blocks outside clusters: one runs at a time, and its threads take turns.
inline unsigned atomicAdd(unsigned *place, unsigned added) {
  unsigned before = *place;
  *place += added;
  return before;
}

inline void __threadfence() {}

inline float __uint_as_float(unsigned bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline unsigned __float_as_uint(float value) {
  unsigned bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// All memory is of one kind.
inline void *__cvta_global_to_generic(size_t address) {
  return reinterpret_cast<void *>(address);
}

struct alignas(16) uint4 {
  unsigned x, y, z, w;
};

struct alignas(16) float4 {
  float x, y, z, w;
};

#define __global__
#define __launch_bounds__(threads, blocks)
#define __device__
// A thread of the processor runs one block at a time.
#define __shared__ static thread_local
