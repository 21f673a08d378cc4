#include "streams.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace {

using Work = std::vector<std::function<void()>>;

struct Stream {
  /// What has been captured; null while it does not capture.
  Work *captured = nullptr;
  bool isBroken = false;
};

/// What this thread captures.
thread_local Stream *capturing = nullptr;

std::mutex lock;
std::set<void *> alive;

template <class Object>
Object *born(Object *object) {
  std::lock_guard<std::mutex> guard(lock);
  alive.insert(object);
  return object;
}

/// Ends the process if an object is used that is not there, or not any more.
void require_alive(void *object, const char *what) {
  std::lock_guard<std::mutex> guard(lock);
  if (alive.count(object)) return;
  std::fprintf(stderr, "stand-in GPU: %s that is not there\n", what);
  std::abort();
}

void bury(void *object, const char *what) {
  require_alive(object, what);
  std::lock_guard<std::mutex> guard(lock);
  alive.erase(object);
}

}  // namespace

CUresult submit(CUstream handle, std::function<void()> work) {
  auto *stream = reinterpret_cast<Stream *>(handle);
  require_alive(stream, "a stream");
  // Strictly: whoever captures does nothing else.
  if (capturing && capturing != stream) {
    capturing->isBroken = true;
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  }
  if (!stream->captured) {
    work();
    return CUDA_SUCCESS;
  }
  if (stream->isBroken) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  stream->captured->push_back(std::move(work));
  return CUDA_SUCCESS;
}

bool breaks_capture() {
  if (capturing) capturing->isBroken = true;
  return capturing;
}

extern "C" {

CUresult cuStreamCreate(CUstream *result, unsigned flags) {
  REQUIRE_NO_CAPTURE;
  *result = reinterpret_cast<CUstream>(born(new Stream));
  return flags == CU_STREAM_NON_BLOCKING ? CUDA_SUCCESS : 1;
}

CUresult cuStreamSynchronize(CUstream stream) {
  REQUIRE_NO_CAPTURE;
  require_alive(stream, "a stream");
  return CUDA_SUCCESS;
}

CUresult cuStreamBeginCapture_v2(CUstream handle, CUstreamCaptureMode mode) {
  REQUIRE_NO_CAPTURE;
  auto *stream = reinterpret_cast<Stream *>(handle);
  require_alive(stream, "a stream");
  if (mode != CU_STREAM_CAPTURE_MODE_THREAD_LOCAL || stream->captured) return 1;
  stream->captured = new Work;
  stream->isBroken = false;
  capturing = stream;
  return CUDA_SUCCESS;
}

CUresult cuStreamEndCapture(CUstream handle, CUgraph *graph) {
  *graph = nullptr;
  auto *stream = reinterpret_cast<Stream *>(handle);
  require_alive(stream, "a stream");
  if (!stream->captured) return 1;
  if (capturing != stream) return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
  Work *work = stream->captured;
  stream->captured = nullptr;
  capturing = nullptr;
  if (stream->isBroken) {
    delete work;
    return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  }
  *graph = reinterpret_cast<CUgraph>(born(work));
  return CUDA_SUCCESS;
}

CUresult cuGraphInstantiateWithFlags(CUgraphExec *result, CUgraph graph, unsigned long long) {
  REQUIRE_NO_CAPTURE;
  require_alive(graph, "a graph");
  const char *fault = std::getenv("STAND_IN_GPU");
  if (fault && !std::strcmp(fault, "graphless")) return CUDA_ERROR_NOT_SUPPORTED;
  *result = reinterpret_cast<CUgraphExec>(born(new Work(*reinterpret_cast<Work *>(graph))));
  return CUDA_SUCCESS;
}

CUresult cuGraphLaunch(CUgraphExec graph, CUstream stream) {
  require_alive(graph, "a graph");
  auto *work = reinterpret_cast<Work *>(graph);
  return submit(stream, [work] {
    for (auto &node : *work) node();
  });
}

CUresult cuGraphDestroy(CUgraph graph) {
  bury(graph, "a graph");
  delete reinterpret_cast<Work *>(graph);
  return CUDA_SUCCESS;
}

CUresult cuGraphExecDestroy(CUgraphExec graph) {
  REQUIRE_NO_CAPTURE;
  bury(graph, "a graph");
  delete reinterpret_cast<Work *>(graph);
  return CUDA_SUCCESS;
}
}
