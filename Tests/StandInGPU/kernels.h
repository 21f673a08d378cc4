// The kernels by name, and how to run them.
#pragma once

#include <cstddef>
#include <functional>

#include "shim.h"

/// A kernel of `Kernels/`.
struct Kernel {
  const char *name;
  /// Whether its threads wait for one another.
  bool waits;
  /// What one thread does, with the arguments as they are now.
  std::function<void()> (*bind)(void **parameters);
};

/// The kernel of a name; null if there is none.
const Kernel *find_kernel(const char *name);

/// Runs all blocks, one after the other.
void run_kernel(const Kernel &kernel, Index grid, Index block,
                const std::function<void()> &thread);
