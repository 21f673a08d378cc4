// Streams that do their work at once, or remember it while they capture.
#pragma once

#include <functional>

#include "cuda_driver.h"

/// Does work, or remembers it if the stream captures.
CUresult submit(CUstream stream, std::function<void()> work);

/// Has the clock go on that events are told the time by.
void spend(double milliseconds);

/// Whether this thread captures. If so its capture is broken from now on, as by a call that is not
/// allowed meanwhile.
bool breaks_capture();

#define REQUIRE_NO_CAPTURE \
  if (breaks_capture()) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED
