// cuDNN's graph API for one operation: a convolution or one of its gradients, by its definition.
//
// It recommends two engines, as the real one does: the first multiplies on tensor cores, with
// factors rounded to TF32, the second in full precision. What is not as the real one wants it is
// refused; with STAND_IN_GPU=weak, so is whatever the first engine is to run. The first is the faster one,
// but not with STAND_IN_GPU=slow.

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cudnn_graph.h"
#include "kernels.h"
#include "memory.h"
#include "streams.h"

namespace {

constexpr cudnnStatus_t badParameter = 2000;
constexpr int64_t workspaceBytes = 512;

thread_local std::string lastError;

cudnnStatus_t refuse(const std::string &problem) {
  lastError = problem;
  return badParameter;
}

struct Attribute {
  int type;
  int64_t count;
  std::vector<unsigned char> bytes;
};

struct Node {
  int type;
  bool isFinal = false;
  /// Of an engine: whether it uses tensor cores.
  bool isRounding = false;
  /// Of a plan: whether it has run, so that its kernels are loaded.
  bool hasRun = false;
  std::map<int, Attribute> attributes;

  template <class Value>
  std::vector<Value> values(int name) const {
    auto found = attributes.find(name);
    if (found == attributes.end()) return {};
    std::vector<Value> result(found->second.count);
    std::memcpy(result.data(), found->second.bytes.data(), found->second.bytes.size());
    return result;
  }

  std::vector<int64_t> numbers(int name) const { return values<int64_t>(name); }

  Node *node(int name) const {
    auto nodes = values<Node *>(name);
    return nodes.empty() ? nullptr : nodes[0];
  }
};

size_t width(int type) {
  switch (type) {
    case CUDNN_TYPE_HANDLE:
    case CUDNN_TYPE_INT64:
    case CUDNN_TYPE_VOID_PTR:
    case CUDNN_TYPE_BACKEND_DESCRIPTOR: return 8;
    case CUDNN_TYPE_DATA_TYPE:
    case CUDNN_TYPE_FLOAT:
    case CUDNN_TYPE_CONVOLUTION_MODE:
    case CUDNN_TYPE_HEUR_MODE:
    case CUDNN_TYPE_NUMERICAL_NOTE: return 4;
    case CUDNN_TYPE_CHAR: return 1;
    default: return 0;
  }
}

/// The attributes that a descriptor must have before it is finalized, and what they are.
std::map<int, int> wanted(int type) {
  constexpr int part = CUDNN_TYPE_BACKEND_DESCRIPTOR, number = CUDNN_TYPE_INT64;
  switch (type) {
    case CUDNN_BACKEND_TENSOR_DESCRIPTOR:
      return {{CUDNN_ATTR_TENSOR_UNIQUE_ID, number},
              {CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE},
              {CUDNN_ATTR_TENSOR_DIMENSIONS, number},
              {CUDNN_ATTR_TENSOR_STRIDES, number},
              {CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, number}};
    case CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR:
      return {{CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, number},
              {CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE},
              {CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE},
              {CUDNN_ATTR_CONVOLUTION_DILATIONS, number},
              {CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, number},
              {CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, number},
              {CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, number}};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
      return {{700, CUDNN_TYPE_FLOAT}, {701, CUDNN_TYPE_FLOAT}, {702, part},
              {703, part}, {704, part}, {705, part}};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
      return {{706, CUDNN_TYPE_FLOAT}, {707, CUDNN_TYPE_FLOAT}, {708, part},
              {709, part}, {710, part}, {711, part}};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR:
      return {{712, CUDNN_TYPE_FLOAT}, {713, CUDNN_TYPE_FLOAT}, {714, part},
              {715, part}, {716, part}, {717, part}};
    case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR:
      return {{CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE},
              {CUDNN_ATTR_OPERATIONGRAPH_OPS, part}};
    case CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR:
      return {{CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, part},
              {CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE}};
    case CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR:
      return {{CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE},
              {CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, part}};
    case CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR:
      return {{CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, number},
              {CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR},
              {CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR}};
    default: return {};
  }
}

/// Drops the 13 lowest bits of a float, rounding, as tensor cores do.
float tf32(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  bits = (bits + 0x1000) & ~0x1fffu;
  std::memcpy(&value, &bits, 4);
  return value;
}

/// The convolution behind an operation.
struct Problem {
  enum Computed { input, filter, output } computed;
  Node *tensors[3];
  std::vector<int64_t> extents[3], strides[3];
  bool isShort;
  int64_t stride;
  /// Zeros above and left, below and right: of rows, then of columns.
  std::vector<int64_t> before, after;

  explicit Problem(const Node &operation) {
    // Alpha, beta, convolution, filter, input, output; of a filter gradient input stands first.
    int first = operation.type == CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR ? 700
                : operation.type == CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR
                    ? 706
                    : 712;
    computed = first == 700 ? output : first == 706 ? input : filter;
    tensors[filter] = operation.node(first + 3);
    tensors[input] = operation.node(first + 4);
    tensors[output] = operation.node(first + 5);
    for (int which = 0; which < 3; which++) {
      extents[which] = tensors[which]->numbers(CUDNN_ATTR_TENSOR_DIMENSIONS);
      strides[which] = tensors[which]->numbers(CUDNN_ATTR_TENSOR_STRIDES);
    }
    isShort = type(input) == CUDNN_DATA_BFLOAT16;
    Node *movement = operation.node(first + 2);
    stride = movement->numbers(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES)[0];
    before = movement->numbers(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS);
    after = movement->numbers(CUDNN_ATTR_CONVOLUTION_POST_PADDINGS);
  }

  int32_t type(int which) const {
    return tensors[which]->values<int32_t>(CUDNN_ATTR_TENSOR_DATA_TYPE)[0];
  }

  /// What is wrong with the shapes; empty if nothing is.
  std::string fault() const {
    if (type(filter) != type(input) || type(output) != type(input)) return "types do not fit";
    if (before.size() != 2 || after.size() != 2) return "paddings of two axes are needed";
    bool channelsFit = extents[input][1] == extents[filter][1] &&
                       extents[output][1] == extents[filter][0] &&
                       extents[input][0] == extents[output][0];
    if (!channelsFit) return "channels or batches do not fit";
    for (int axis = 2; axis < 4; axis++) {
      int64_t zeros = before[axis - 2] + after[axis - 2];
      int64_t room = extents[input][axis] + zeros - extents[filter][axis];
      if (room < 0 || room / stride + 1 != extents[output][axis]) return "extents do not fit";
    }
    return "";
  }

  size_t place(int which, int64_t a, int64_t b, int64_t c, int64_t d) const {
    const auto &s = strides[which];
    return a * s[0] + b * s[1] + c * s[2] + d * s[3];
  }

  float element(void *const *data, int which, size_t place) const {
    if (!isShort) return static_cast<const float *>(data[which])[place];
    uint32_t bits = uint32_t(static_cast<const uint16_t *>(data[which])[place]) << 16;
    float value;
    std::memcpy(&value, &bits, 4);
    return value;
  }

  void set(void *const *data, int which, size_t place, float value) const {
    if (!isShort) {
      static_cast<float *>(data[which])[place] = value;
      return;
    }
    uint32_t bits;
    std::memcpy(&bits, &value, 4);
    bits = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    static_cast<uint16_t *>(data[which])[place] = static_cast<uint16_t>(bits);
  }

  size_t count(int which) const {
    const auto &e = extents[which];
    return static_cast<size_t>(e[0] * e[1] * e[2] * e[3]);
  }

  void run(void *const *data, bool isRounding) const {
    for (int which = 0; which < 3; which++) {
      require_memory(reinterpret_cast<uint64_t>(data[which]), count(which) * (isShort ? 2 : 4),
                     "convolution");
    }
    std::vector<double> sums(count(computed));
    auto factor = [=](float value) { return isRounding ? tf32(value) : value; };
    const auto &y = extents[output], &w = extents[filter], &x = extents[input];
    for (int64_t n = 0; n < y[0]; n++)
      for (int64_t row = 0; row < y[2]; row++)
        for (int64_t column = 0; column < y[3]; column++)
          for (int64_t r = 0; r < w[2]; r++)
            for (int64_t s = 0; s < w[3]; s++) {
              int64_t h = row * stride + r - before[0], v = column * stride + s - before[1];
              if (h < 0 || h >= x[2] || v < 0 || v >= x[3]) continue;
              for (int64_t k = 0; k < w[0]; k++)
                for (int64_t c = 0; c < w[1]; c++) {
                  size_t places[3];
                  places[input] = place(input, n, c, h, v);
                  places[filter] = place(filter, k, c, r, s);
                  places[output] = place(output, n, k, row, column);
                  double product = 1;
                  for (int which = 0; which < 3; which++) {
                    if (which != computed) product *= factor(element(data, which, places[which]));
                  }
                  sums[places[computed]] += product;
                }
            }
    for (size_t index = 0; index < sums.size(); index++) {
      set(data, computed, index, static_cast<float>(sums[index]));
    }
  }
};

Node *node(cudnnBackendDescriptor_t descriptor) { return static_cast<Node *>(descriptor); }

bool isOperation(int type) {
  return type >= CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR &&
         type <= CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR;
}

}  // namespace

/// Where work is put.
struct Handle {
  CUstream stream = nullptr;
};

extern "C" {

size_t cudnnGetVersion(void) { return 91900; }

size_t cudnnGetCudartVersion(void) { return 13010; }

const char *cudnnGetErrorString(cudnnStatus_t) { return "CUDNN_STATUS_OF_THE_STAND_IN"; }

void cudnnGetLastErrorString(char *text, size_t length) {
  std::snprintf(text, length, "%s", lastError.c_str());
}

cudnnStatus_t cudnnCreate(cudnnHandle_t *result) {
  *result = reinterpret_cast<cudnnHandle_t>(new Handle);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
  reinterpret_cast<Handle *>(handle)->stream = stream;
  return stream ? CUDNN_STATUS_SUCCESS : badParameter;
}

cudnnStatus_t cudnnBackendCreateDescriptor(cudnnBackendDescriptorType_t type,
                                           cudnnBackendDescriptor_t *descriptor) {
  *descriptor = new Node{type};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendDestroyDescriptor(cudnnBackendDescriptor_t descriptor) {
  delete node(descriptor);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendSetAttribute(cudnnBackendDescriptor_t descriptor,
                                       cudnnBackendAttributeName_t name,
                                       cudnnBackendAttributeType_t type, int64_t count,
                                       const void *values) {
  Node &target = *node(descriptor);
  if (target.isFinal) return refuse("the descriptor is final");
  auto attributes = wanted(target.type);
  auto known = attributes.find(name);
  if (known == attributes.end()) return refuse("no such attribute: " + std::to_string(name));
  if (known->second != type) return refuse("another type: " + std::to_string(name));
  const auto *bytes = static_cast<const unsigned char *>(values);
  target.attributes[name] = {type, count, {bytes, bytes + count * width(type)}};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendFinalize(cudnnBackendDescriptor_t descriptor) {
  Node &target = *node(descriptor);
  // A plan's kernels are loaded.
  if (target.type == CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR && breaks_capture()) {
    return refuse("no plans while a stream captures");
  }
  for (auto [name, type] : wanted(target.type)) {
    if (!target.attributes.count(name)) return refuse("not set: " + std::to_string(name));
    if (type != CUDNN_TYPE_BACKEND_DESCRIPTOR) continue;
    if (!target.node(name)->isFinal) return refuse("not final: " + std::to_string(name));
  }
  if (isOperation(target.type)) {
    std::string fault = Problem(target).fault();
    if (!fault.empty()) return refuse(fault);
  }
  target.isFinal = true;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendGetAttribute(cudnnBackendDescriptor_t descriptor,
                                       cudnnBackendAttributeName_t name,
                                       cudnnBackendAttributeType_t, int64_t asked, int64_t *got,
                                       void *values) {
  Node &source = *node(descriptor);
  auto **parts = static_cast<Node **>(values);
  switch (name) {
    case CUDNN_ATTR_ENGINEHEUR_RESULTS:
      *got = 2;
      for (int64_t index = 0; index < asked; index++) {
        parts[index]->isFinal = true;
        parts[index]->isRounding = index == 0;
        parts[index]->attributes = source.attributes;
      }
      return CUDNN_STATUS_SUCCESS;
    case CUDNN_ATTR_ENGINECFG_ENGINE:
      *got = 1;
      for (int64_t index = 0; index < asked; index++) parts[index]->isRounding = source.isRounding;
      return CUDNN_STATUS_SUCCESS;
    case CUDNN_ATTR_ENGINE_NUMERICAL_NOTE:
      *got = source.isRounding ? 1 : 0;
      if (source.isRounding) *static_cast<int32_t *>(values) = CUDNN_NUMERICAL_NOTE_TENSOR_CORE;
      return CUDNN_STATUS_SUCCESS;
    case CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE:
      if (!source.isFinal) return refuse("the plan is not final");
      if (asked != 1) return refuse("there is one number, and only one may be asked for");
      *got = 1;
      *static_cast<int64_t *>(values) = workspaceBytes;
      return CUDNN_STATUS_SUCCESS;
    default: return refuse("nothing to get: " + std::to_string(name));
  }
}

cudnnStatus_t cudnnBackendExecute(cudnnHandle_t handle, cudnnBackendDescriptor_t plan,
                                  cudnnBackendDescriptor_t variantPack) {
  Node &pack = *node(variantPack);
  Node *configuration = node(plan)->node(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG);
  Node *graph = configuration->node(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH);
  Problem problem(*graph->node(CUDNN_ATTR_OPERATIONGRAPH_OPS));
  if (!pack.isFinal) return refuse("the variant pack is not final");
  auto workspace =
      reinterpret_cast<uint64_t>(pack.values<void *>(CUDNN_ATTR_VARIANT_PACK_WORKSPACE)[0]);
  auto ids = pack.numbers(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
  auto pointers = pack.values<void *>(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS);
  std::array<void *, 3> data = {};
  for (int which = 0; which < 3; which++) {
    int64_t name = problem.tensors[which]->numbers(CUDNN_ATTR_TENSOR_UNIQUE_ID)[0];
    for (size_t index = 0; index < ids.size(); index++) {
      if (ids[index] == name) data[which] = pointers[index];
    }
    if (!data[which]) return refuse("a tensor without memory");
  }
  const char *names[] = {"input gradient", "filter gradient", "convolution"};
  if (is_only_traced(names[problem.computed])) return CUDNN_STATUS_SUCCESS;
  bool isRounding = configuration->isRounding;
  const char *set = std::getenv("STAND_IN_GPU");
  std::string fault = set ? set : "";
  if (isRounding && fault == "weak") return refuse("the engine does not run");
  spend(!isRounding ? 2 : fault == "slow" ? 3 : 1);
  // A kernel may be loaded when it is first launched.
  bool isFirst = !std::exchange(node(plan)->hasRun, true);
  if (isFirst && breaks_capture()) return refuse("a plan runs first while a stream captures");
  CUresult status = submit(reinterpret_cast<Handle *>(handle)->stream, [=] {
    require_memory(workspace, workspaceBytes, "workspace");
    problem.run(data.data(), isRounding);
  });
  return status == CUDA_SUCCESS ? CUDNN_STATUS_SUCCESS : refuse("the stream refused");
}
}
