#include "streams.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <vector>

namespace {

using Nodes = std::set<size_t>;

/// Work that waits for other work.
struct Node {
  std::function<void()> work;
  Nodes needed;
  /// Which of the streams it was captured from.
  size_t lane;
};

struct Stream;

struct Graph {
  std::vector<Node> nodes;
  /// The streams that take part, while they do; the first began.
  std::vector<Stream *> streams;
  bool isBroken = false;
};

struct Stream {
  /// What it captures into; null while it does not.
  Graph *graph = nullptr;
  size_t lane = 0;
  /// What the next piece of work must wait for.
  Nodes last;
};

struct Event {
  bool hasTime;
  Graph *graph = nullptr;
  Nodes last;
  /// What the clock said when it was recorded.
  double milliseconds = 0;
};

/// How long all work would have taken so far.
std::atomic<double> now{0};

/// What this thread captures.
thread_local Graph *capturing = nullptr;

/// Runs all work, each piece after what it waits for. Of streams that do not wait for one another, the
/// first goes ahead, or the last, or they take turns: another way each time.
void run(const Graph &graph) {
  static unsigned launches = 0;
  unsigned way = launches++ % 3;
  Nodes open;
  std::vector<bool> done(graph.nodes.size());
  for (size_t index = 0; index < graph.nodes.size(); index++) open.insert(index);
  size_t before = 0;
  while (!open.empty()) {
    size_t chosen = graph.nodes.size();
    for (size_t index : open) {
      const Node &node = graph.nodes[index];
      bool isReady = std::all_of(node.needed.begin(), node.needed.end(),
                                 [&](size_t needed) { return done[needed]; });
      if (!isReady) continue;
      size_t lane = node.lane, best = chosen < graph.nodes.size() ? graph.nodes[chosen].lane : 0;
      bool isBetter = chosen == graph.nodes.size() ||
                      (way == 0 ? lane < best
                       : way == 1 ? lane > best
                                  : lane != before && best == before);
      if (isBetter) chosen = index;
    }
    graph.nodes[chosen].work();
    before = graph.nodes[chosen].lane;
    open.erase(chosen);
    done[chosen] = true;
  }
}

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
  if (capturing && stream->graph != capturing) {
    capturing->isBroken = true;
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  }
  if (!stream->graph) {
    work();
    return CUDA_SUCCESS;
  }
  if (stream->graph->isBroken) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  stream->graph->nodes.push_back({std::move(work), stream->last, stream->lane});
  stream->last = {stream->graph->nodes.size() - 1};
  return CUDA_SUCCESS;
}

void spend(double milliseconds) {
  for (double before = now; !now.compare_exchange_weak(before, before + milliseconds);) {}
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

CUresult cuEventCreate(CUevent *result, unsigned flags) {
  REQUIRE_NO_CAPTURE;
  *result = reinterpret_cast<CUevent>(born(new Event{flags == CU_EVENT_DEFAULT}));
  return flags == CU_EVENT_DEFAULT || flags == CU_EVENT_DISABLE_TIMING ? CUDA_SUCCESS : 1;
}

CUresult cuEventRecord(CUevent handle, CUstream streamHandle) {
  auto *event = reinterpret_cast<Event *>(handle);
  auto *stream = reinterpret_cast<Stream *>(streamHandle);
  require_alive(event, "an event");
  require_alive(stream, "a stream");
  event->graph = stream->graph;
  event->last = stream->last;
  event->milliseconds = now;
  return CUDA_SUCCESS;
}

CUresult cuEventSynchronize(CUevent event) {
  REQUIRE_NO_CAPTURE;
  require_alive(event, "an event");
  return CUDA_SUCCESS;
}

CUresult cuEventElapsedTime(float *milliseconds, CUevent fromHandle, CUevent toHandle) {
  auto *from = reinterpret_cast<Event *>(fromHandle), *to = reinterpret_cast<Event *>(toHandle);
  require_alive(from, "an event");
  require_alive(to, "an event");
  *milliseconds = static_cast<float>(to->milliseconds - from->milliseconds);
  return from->hasTime && to->hasTime ? CUDA_SUCCESS : 1;
}

CUresult cuStreamWaitEvent(CUstream streamHandle, CUevent handle, unsigned) {
  auto *event = reinterpret_cast<Event *>(handle);
  auto *stream = reinterpret_cast<Stream *>(streamHandle);
  require_alive(event, "an event");
  require_alive(stream, "a stream");
  if (!event->graph) return stream->graph ? CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED : CUDA_SUCCESS;
  if (!stream->graph) {
    // A stream that waits for one that captures takes part.
    stream->graph = event->graph;
    stream->lane = event->graph->streams.size();
    stream->last = {};
    event->graph->streams.push_back(stream);
  }
  stream->last.insert(event->last.begin(), event->last.end());
  return CUDA_SUCCESS;
}

CUresult cuStreamBeginCapture_v2(CUstream handle, CUstreamCaptureMode mode) {
  REQUIRE_NO_CAPTURE;
  auto *stream = reinterpret_cast<Stream *>(handle);
  require_alive(stream, "a stream");
  if (mode != CU_STREAM_CAPTURE_MODE_THREAD_LOCAL || stream->graph) return 1;
  capturing = new Graph;
  capturing->streams = {stream};
  *stream = {capturing, 0, {}};
  return CUDA_SUCCESS;
}

CUresult cuStreamEndCapture(CUstream handle, CUgraph *result) {
  *result = nullptr;
  auto *stream = reinterpret_cast<Stream *>(handle);
  require_alive(stream, "a stream");
  Graph *graph = stream->graph;
  if (!graph || graph->streams[0] != stream) return 1;
  if (capturing != graph) return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
  capturing = nullptr;
  bool isJoined = true;
  // What the first stream would wait for, and what that waited for.
  Nodes joined = stream->last;
  for (size_t index = graph->nodes.size(); index-- > 0;) {
    if (joined.count(index)) {
      joined.insert(graph->nodes[index].needed.begin(), graph->nodes[index].needed.end());
    }
  }
  for (Stream *other : graph->streams) {
    isJoined = isJoined && std::includes(joined.begin(), joined.end(), other->last.begin(),
                                         other->last.end());
    *other = {};
  }
  graph->streams = {};
  if (graph->isBroken || !isJoined) {
    CUresult status = graph->isBroken ? CUDA_ERROR_STREAM_CAPTURE_INVALIDATED
                                      : CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
    delete graph;
    return status;
  }
  *result = reinterpret_cast<CUgraph>(born(graph));
  return CUDA_SUCCESS;
}

CUresult cuGraphInstantiateWithFlags(CUgraphExec *result, CUgraph graph, unsigned long long) {
  REQUIRE_NO_CAPTURE;
  require_alive(graph, "a graph");
  const char *fault = std::getenv("STAND_IN_GPU");
  if (fault && !std::strcmp(fault, "graphless")) return CUDA_ERROR_NOT_SUPPORTED;
  *result = reinterpret_cast<CUgraphExec>(born(new Graph(*reinterpret_cast<Graph *>(graph))));
  return CUDA_SUCCESS;
}

CUresult cuGraphLaunch(CUgraphExec handle, CUstream stream) {
  require_alive(handle, "a graph");
  auto *graph = reinterpret_cast<Graph *>(handle);
  return submit(stream, [graph] { run(*graph); });
}

CUresult cuGraphDestroy(CUgraph graph) {
  bury(graph, "a graph");
  delete reinterpret_cast<Graph *>(graph);
  return CUDA_SUCCESS;
}

CUresult cuGraphExecDestroy(CUgraphExec graph) {
  REQUIRE_NO_CAPTURE;
  bury(graph, "a graph");
  delete reinterpret_cast<Graph *>(graph);
  return CUDA_SUCCESS;
}
}
