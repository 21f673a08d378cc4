// The kernels by name, and how to run them.
#pragma once

#include <cstddef>

#include "shim.h"

/// Runs all blocks of a kernel; false if there is no kernel of that name.
struct Kernel {
  const char *name;
  /// Whether its threads wait for one another.
  bool waits;
  void (*run)(void **parameters);
};

/// The kernel of a name; null if there is none.
const Kernel *find_kernel(const char *name);

/// Runs all blocks, one after the other.
void run_kernel(const Kernel &kernel, Index grid, Index block, void **parameters);
