// The functions of NVIDIA's driver that this project calls, as a table to be filled at run time.
//
// A name with a suffix (`cuMemFree_v2`) is the one of today; the plain name is a function of long
// ago that takes other arguments.
#pragma once

#include "cuda_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CUDA_DRIVER_FUNCTIONS(F)                                                                  \
  F(CUresult, cuInit, (unsigned int flags))                                                       \
  F(CUresult, cuDriverGetVersion, (int *version))                                                 \
  F(CUresult, cuGetErrorString, (CUresult status, const char **text))                             \
  F(CUresult, cuDeviceGetCount, (int *count))                                                     \
  F(CUresult, cuDeviceGet, (CUdevice * device, int ordinal))                                      \
  F(CUresult, cuDeviceGetName, (char *name, int length, CUdevice device))                         \
  F(CUresult, cuDeviceTotalMem_v2, (size_t * bytes, CUdevice device))                             \
  F(CUresult, cuDeviceGetAttribute, (int *value, CUdevice_attribute attribute, CUdevice device))  \
  F(CUresult, cuDevicePrimaryCtxRetain, (CUcontext * context, CUdevice device))                   \
  F(CUresult, cuCtxSetCurrent, (CUcontext context))                                               \
  F(CUresult, cuMemGetInfo_v2, (size_t * free, size_t *total))                                    \
  F(CUresult, cuDeviceGetDefaultMemPool, (CUmemoryPool * pool, CUdevice device))                  \
  F(CUresult, cuMemPoolSetAttribute,                                                              \
    (CUmemoryPool pool, CUmemPool_attribute attribute, void *value))                              \
  F(CUresult, cuMemAllocAsync, (CUdeviceptr * pointer, size_t bytes, CUstream stream))            \
  F(CUresult, cuMemFreeAsync, (CUdeviceptr pointer, CUstream stream))                             \
  F(CUresult, cuMemcpyHtoDAsync_v2,                                                               \
    (CUdeviceptr target, const void *source, size_t bytes, CUstream stream))                      \
  F(CUresult, cuMemcpyDtoHAsync_v2,                                                               \
    (void *target, CUdeviceptr source, size_t bytes, CUstream stream))                            \
  F(CUresult, cuMemcpyDtoDAsync_v2,                                                               \
    (CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream))                      \
  F(CUresult, cuStreamCreate, (CUstream * stream, unsigned int flags))                            \
  F(CUresult, cuStreamSynchronize, (CUstream stream))                                             \
  F(CUresult, cuStreamWaitEvent, (CUstream stream, CUevent event, unsigned int flags))            \
  F(CUresult, cuEventCreate, (CUevent * event, unsigned int flags))                               \
  F(CUresult, cuEventRecord, (CUevent event, CUstream stream))                                    \
  F(CUresult, cuEventSynchronize, (CUevent event))                                                \
  F(CUresult, cuEventElapsedTime, (float *milliseconds, CUevent from, CUevent to))                \
  F(CUresult, cuStreamBeginCapture_v2, (CUstream stream, CUstreamCaptureMode mode))               \
  F(CUresult, cuStreamEndCapture, (CUstream stream, CUgraph * graph))                             \
  F(CUresult, cuGraphInstantiateWithFlags,                                                        \
    (CUgraphExec * executable, CUgraph graph, unsigned long long flags))                          \
  F(CUresult, cuGraphLaunch, (CUgraphExec executable, CUstream stream))                           \
  F(CUresult, cuGraphDestroy, (CUgraph graph))                                                    \
  F(CUresult, cuGraphExecDestroy, (CUgraphExec executable))                                       \
  F(CUresult, cuModuleLoadDataEx,                                                                 \
    (CUmodule * module, const void *image, unsigned int count, CUjit_option *options,             \
     void **values))                                                                              \
  F(CUresult, cuModuleGetFunction, (CUfunction * function, CUmodule module, const char *name))    \
  F(CUresult, cuOccupancyMaxActiveClusters,                                                       \
    (int *count, CUfunction function, const CUlaunchConfig *config))                              \
  F(CUresult, cuLaunchKernel,                                                                     \
    (CUfunction function, unsigned int gridX, unsigned int gridY, unsigned int gridZ,             \
     unsigned int blockX, unsigned int blockY, unsigned int blockZ, unsigned int sharedBytes,     \
     CUstream stream, void **parameters, void **extra))

// Where members of structures lie.
#define CUDA_PLACES(F)                                                                            \
  F(CUlaunchConfig, gridDimX, 0)                                                                  \
  F(CUlaunchConfig, blockDimX, 12)                                                                \
  F(CUlaunchConfig, sharedMemBytes, 24)                                                           \
  F(CUlaunchConfig, hStream, 32)                                                                  \
  F(CUlaunchConfig, attrs, 40)                                                                    \
  F(CUlaunchConfig, numAttrs, 48)

#define CUDA_MEMBER(Result, name, arguments) Result(*name) arguments;
/// The driver's functions.
typedef struct cuda_driver {
  CUDA_DRIVER_FUNCTIONS(CUDA_MEMBER)
} cuda_driver;

/// Finds the functions in an opened library.
///
/// Returns NULL, or the name of the first function that the library lacks.
const char *cuda_driver_bind(cuda_driver *table, void *library);

#ifndef VENDOR_TYPES
enum {
  CUDA_SUCCESS = 0,
  CUDA_ERROR_OUT_OF_MEMORY = 2,
  CUDA_ERROR_STUB_LIBRARY = 34,
  CUDA_ERROR_NO_DEVICE = 100,
  CUDA_ERROR_INVALID_DEVICE = 101,
  CUDA_ERROR_INVALID_IMAGE = 200,
  CUDA_ERROR_NO_BINARY_FOR_GPU = 209,
  CUDA_ERROR_NOT_FOUND = 500,
  CUDA_ERROR_NOT_SUPPORTED = 801,
  CUDA_ERROR_SYSTEM_DRIVER_MISMATCH = 803,
  CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900,
  CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901,
  CUDA_ERROR_STREAM_CAPTURE_UNJOINED = 904,
  CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD = 908,
  CU_STREAM_NON_BLOCKING = 1,
  CU_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1,
  CU_EVENT_DEFAULT = 0,
  CU_EVENT_DISABLE_TIMING = 2,
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75,
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76,
  CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED = 115,
  CU_MEMPOOL_ATTR_RELEASE_THRESHOLD = 4,
};
#endif

#ifdef __cplusplus
}
#endif
