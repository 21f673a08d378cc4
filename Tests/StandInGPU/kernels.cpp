// The very texts that NVRTC compiles, compiled for the processor.

#include "kernels.h"

#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

#include "../../Sources/CUDABackend/Kernels/elements.cu"

#include "../../Sources/CUDABackend/Kernels/sums.cu"

#include "../../Sources/CUDABackend/Kernels/norm.cu"
#include "../../Sources/CUDABackend/Kernels/pointwise.cu"

#include "../../Sources/CUDABackend/Kernels/adam.cu"

#include "../../Sources/CUDABackend/Kernels/moves.cu"

Index threadIdx, blockIdx, blockDim, gridDim;

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

#define ALONE(name) {#name, false, bind<name>}
#define WAITING(name) {#name, true, bind<name>}

const Kernel kernels[] = {
    WAITING(sums_rows),          WAITING(norm_statistics),    ALONE(norm_apply),
    WAITING(norm_gradient_sums), ALONE(norm_gradient),        ALONE(pointwise_map),
    ALONE(pointwise_gradient),   ALONE(pointwise_combine),    ALONE(pointwise_broadcast),
    ALONE(pointwise_affine),     ALONE(pointwise_accumulate), ALONE(adam_step),
    ALONE(pointwise_blend),      ALONE(pointwise_clip),       ALONE(moves_channels),
    ALONE(moves_mirror),         ALONE(moves_mirror_adjoint), ALONE(moves_shift),
    WAITING(moves_filter),
};

/// The threads of a block as fibers: each runs to the next barrier, then the next one's turn comes.
class Fibers {
 public:
  void run(const Kernel &kernel, const std::function<void()> &thread) {
    current_ = this;
    thread_ = &thread;
    unsigned count = blockDim.x * blockDim.y;
    fibers_.resize(count);
    for (unsigned number = 0; number < count; number++) {
      Fiber &fiber = fibers_[number];
      fiber.stack.resize(64 << 10);
      fiber.done = false;
      getcontext(&fiber.context);
      fiber.context.uc_stack.ss_sp = fiber.stack.data();
      fiber.context.uc_stack.ss_size = fiber.stack.size();
      fiber.context.uc_link = &main_;
      makecontext(&fiber.context, enter, 0);
    }
    // From barrier to barrier; every other time backwards, so that a missing barrier shows.
    bool backwards = false;
    for (unsigned left = count; left > 0; backwards = !backwards) {
      unsigned waiting = 0, before = left;
      for (unsigned turn = 0; turn < count; turn++) {
        number_ = backwards ? count - 1 - turn : turn;
        Fiber &fiber = fibers_[number_];
        if (fiber.done) continue;
        threadIdx = {number_ % blockDim.x, number_ / blockDim.x, 0};
        swapcontext(&main_, &fiber.context);
        if (fiber.done) {
          left--;
        } else {
          waiting++;
        }
      }
      if (waiting > 0 && waiting != before) {
        std::fprintf(stderr, "%s: %u of %u threads wait at a barrier\n", kernel.name, waiting,
                     before);
        std::abort();
      }
    }
    current_ = nullptr;
  }

  /// The barrier.
  static void wait() {
    if (!current_) {
      std::fprintf(stderr, "a barrier in a kernel whose threads do not wait\n");
      std::abort();
    }
    swapcontext(&current_->fibers_[current_->number_].context, &current_->main_);
  }

 private:
  struct Fiber {
    ucontext_t context;
    std::vector<char> stack;
    bool done;
  };

  static void enter() {
    (*current_->thread_)();
    current_->fibers_[current_->number_].done = true;
  }

  static Fibers *current_;
  std::vector<Fiber> fibers_;
  ucontext_t main_;
  const std::function<void()> *thread_;
  unsigned number_ = 0;
};

Fibers *Fibers::current_ = nullptr;

}  // namespace

void __syncthreads() { Fibers::wait(); }

const Kernel *find_kernel(const char *name) {
  for (const Kernel &kernel : kernels) {
    if (!std::strcmp(kernel.name, name)) return &kernel;
  }
  return nullptr;
}

void run_kernel(const Kernel &kernel, Index grid, Index block,
                const std::function<void()> &thread) {
  static std::mutex oneAtATime;
  static Fibers fibers;
  std::lock_guard<std::mutex> lock(oneAtATime);
  gridDim = grid;
  blockDim = block;
  for (blockIdx.z = 0; blockIdx.z < grid.z; blockIdx.z++) {
    for (blockIdx.y = 0; blockIdx.y < grid.y; blockIdx.y++) {
      for (blockIdx.x = 0; blockIdx.x < grid.x; blockIdx.x++) {
        if (kernel.waits) {
          fibers.run(kernel, thread);
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
