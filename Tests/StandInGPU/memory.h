// A GPU's memory: this machine's, with a rim around each piece that must not be written.
#pragma once

#include <cstddef>
#include <cstdint>

/// Takes memory, filled with NaN; 0 if there is none left.
uint64_t take_memory(size_t bytes);

/// Gives it back. Ends the process if it was given back before or its rim has been written.
void give_memory(uint64_t address);

/// Ends the process unless all these bytes belong to one piece that is in use.
void require_memory(uint64_t address, size_t bytes, const char *what);
