// The very texts that NVRTC compiles, compiled for the processor.

#include "kernels.h"

#include "cuda_driver.h"
#include "fibers.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <tuple>
#include <utility>

#include "../../Sources/CUDABackend/Kernels/elements.cu"

#include "../../Sources/CUDABackend/Kernels/sums.cu"

#include "../../Sources/CUDABackend/Kernels/borders.cu"

#include "../../Sources/CUDABackend/Kernels/norm.cu"

#include "../../Sources/CUDABackend/Kernels/norm_whole.cu"
#include "../../Sources/CUDABackend/Kernels/pointwise.cu"

#include "../../Sources/CUDABackend/Kernels/adam.cu"

#include "../../Sources/CUDABackend/Kernels/moves.cu"

#include "../../Sources/CUDABackend/Kernels/unroll.cu"

thread_local Index threadIdx, blockIdx;
Index blockDim, gridDim;

namespace {

template <auto kernel, class... Arguments, size_t... places>
std::function<void()> bound(void (*)(Arguments...), void **parameters,
                            std::index_sequence<places...>) {
  std::tuple<Arguments...> values(*static_cast<Arguments *>(parameters[places])...);
  return [values] { std::apply(kernel, values); };
}

template <auto kernel, class... Arguments>
std::function<void()> unpacked(void (*declared)(Arguments...), void **parameters) {
  return bound<kernel>(declared, parameters, std::index_sequence_for<Arguments...>());
}

template <auto kernel>
std::function<void()> bind(void **parameters) {
  return unpacked<kernel>(kernel, parameters);
}

#define ALONE(name) {#name, Kernel::nobody, bind<name>}
#define WAITING(name) {#name, Kernel::block, bind<name>}
#define IN_CLUSTER(name) {#name, Kernel::cluster, bind<name>}

const Kernel kernels[] = {
    WAITING(sums_rows),
    WAITING(norm_statistics),
    ALONE(norm_apply),
    WAITING(norm_gradient_sums),
    ALONE(norm_gradient),
    WAITING(norm_block),
    IN_CLUSTER(norm_cluster),
    WAITING(norm_gradient_block),
    IN_CLUSTER(norm_gradient_cluster),
    ALONE(pointwise_map),
    ALONE(pointwise_gradient),
    ALONE(pointwise_combine),
    ALONE(pointwise_broadcast),
    ALONE(pointwise_affine),
    ALONE(pointwise_accumulate),
    ALONE(adam_step),
    ALONE(pointwise_blend),
    ALONE(pointwise_clip),
    ALONE(moves_channels),
    ALONE(moves_shift),
    WAITING(moves_filter),
    ALONE(borders_mirror),
    ALONE(borders_fold),
    ALONE(borders_cut),
    ALONE(unroll_rows),
    ALONE(unroll_adjoint),
    ALONE(unroll_filter),
    ALONE(unroll_filter_adjoint),
};

}  // namespace

void __syncthreads() { Fibers::wait(false); }

void wait_for_cluster() { Fibers::wait(true); }

const Kernel *find_kernel(const char *name) {
  for (const Kernel &kernel : kernels) {
    if (!std::strcmp(kernel.name, name)) return &kernel;
  }
  return nullptr;
}

static thread_local void (*note)(const char *name, void *context);
static thread_local void *noteContext;

bool is_only_traced(const char *name) {
  if (note) note(name, noteContext);
  return note != nullptr;
}

/// From now on, what this thread launches is handed to `tracer` by its name and neither run nor
/// captured; null to run it again.
extern "C" void stand_in_trace(void (*tracer)(const char *name, void *context), void *context) {
  note = tracer;
  noteContext = context;
}

void run_kernel(const Kernel &kernel, Index grid, Index block,
                const std::function<void()> &thread) {
  static std::mutex oneAtATime;
  static Fibers fibers;
  std::lock_guard<std::mutex> lock(oneAtATime);
  gridDim = grid;
  blockDim = block;
  if (kernel.waiting == Kernel::cluster) {
    if (grid.y != CLUSTER) {
      std::fprintf(stderr, "%s: %u blocks for a cluster of %d\n", kernel.name, grid.y, CLUSTER);
      std::abort();
    }
    return run_clusters(kernel.name, thread);
  }
  for (blockIdx.z = 0; blockIdx.z < grid.z; blockIdx.z++) {
    for (blockIdx.y = 0; blockIdx.y < grid.y; blockIdx.y++) {
      for (blockIdx.x = 0; blockIdx.x < grid.x; blockIdx.x++) {
        if (kernel.waiting == Kernel::block) {
          fibers.run(kernel.name, thread, nullptr);
          continue;
        }
        for (unsigned number = 0; number < block.x * block.y; number++) {
          threadIdx = {number % block.x, number / block.x, 0};
          thread();
        }
      }
    }
  }
}

extern "C" CUresult cuOccupancyMaxActiveClusters(int *count, CUfunction function,
                                                 const CUlaunchConfig *shape) {
  bool isOne = reinterpret_cast<const Kernel *>(function)->waiting == Kernel::cluster;
  *count = isOne && shape->gridDimY == CLUSTER ? 16 : 0;
  return CUDA_SUCCESS;
}
