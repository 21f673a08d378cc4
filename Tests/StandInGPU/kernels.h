// The kernels by name, and how to run them.
#pragma once

#include <cstddef>
#include <functional>

#include "shim.h"

/// A kernel of `Kernels/`.
struct Kernel {
  const char *name;
  /// Whom its threads wait for.
  enum Waiting { nobody, block, cluster } waiting;
  /// What one thread does, with the arguments as they are now.
  std::function<void()> (*bind)(void **parameters);
};

/// The kernel of a name; null if there is none.
const Kernel *find_kernel(const char *name);

/// Hands a name to whoever traces this thread; false if nobody does, and the work is to be done.
bool is_only_traced(const char *name);

/// Runs all blocks, one after the other but for those of a cluster; one kernel at a time.
void run_kernel(const Kernel &kernel, Index grid, Index block,
                const std::function<void()> &thread);
