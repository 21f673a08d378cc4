// CUDA's words for kernels, in C++: a block's threads take turns on one thread of the processor.
#pragma once

#include <cmath>
#include <cstdint>

struct Index {
  unsigned x, y, z;
};

extern Index threadIdx, blockIdx, blockDim, gridDim;

/// Waits for all threads of the block: lets the next one run.
void __syncthreads();

#define __global__
#define __device__
// One block runs at a time.
#define __shared__ static
