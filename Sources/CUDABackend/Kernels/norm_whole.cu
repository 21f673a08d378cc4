// Instance norm in one launch, where the blocks of a slab, which is a picture's pixels in a few
// channels, hold it in registers: read once, measured, and written.
//
// A block has `width` groups of channels and THREADS / width lanes; a lane holds HELD pixels. One
// block has a small picture's slab by itself. A larger one's is dealt to the blocks of a cluster,
// which the hardware runs at the same time; they exchange sums through memory and each adds them up
// in their order.

#define HELD 4
/// Groups of channels of a block, at most: 16 channels are two sectors of memory, or one.
#define SLAB 2
#define CLUSTER 8

/// Few enough registers that a multiprocessor has room for two blocks: clusters find places.
#define TWO_AT_ONCE __launch_bounds__(THREADS, 2)

#ifdef __CUDA_ARCH__
#if __CUDA_ARCH__ >= 900
#define IN_CLUSTERS __cluster_dims__(1, CLUSTER, 1)

/// Waits for all threads of all blocks of the cluster; what they wrote before can be read behind it.
__device__ inline void wait_for_cluster() {
  // Without `.aligned`, which would ask that the threads of a warp come here together.
  asm volatile("barrier.cluster.arrive.release;\n\tbarrier.cluster.wait.acquire;" ::: "memory");
}
#else
// Without clusters the backend does not launch these kernels.
#define IN_CLUSTERS
__device__ inline void wait_for_cluster() { __trap(); }
#endif
#endif

/// What a thread holds of a slab.
struct Hold {
  /// Its first pixel, and its first channel.
  unsigned pixel, column;
  /// Pixels from one that it holds to the next.
  unsigned step;
  /// The pixel behind the last of its picture; none are held of channels that do not exist.
  unsigned end;

  __device__ Hold(unsigned width, Inside inside) {
    Place at = place<GROUP>(width);
    unsigned rows = inside.height * inside.width;
    column = at.column;
    pixel = blockIdx.z * rows + blockIdx.y * at.lanes + at.lane;
    step = at.lanes * gridDim.y;
    end = column < inside.channels ? (blockIdx.z + 1) * rows : 0;
  }

  __device__ unsigned at(int number) const { return pixel + number * step; }
  __device__ bool has(int number) const { return at(number) < end; }
};

/// The totals of a slab's two sums, for all threads: [2, width · GROUP].
template <bool isInCluster, class Number>
__device__ inline void add_slab(const Number (&sums)[2][GROUP], double *parts, double *shared,
                                double *totals, unsigned channels, unsigned width) {
  Place at = place<GROUP>(width);
  unsigned columns = width * GROUP, start = blockIdx.x * columns;
  volatile double *of_picture = parts + (size_t)blockIdx.z * CLUSTER * 2 * channels;
  for (int kind = 0; kind < 2; kind++) {
    double own[1][GROUP];
    for (int k = 0; k < GROUP; k++) own[0][k] = sums[kind][k];
    add_lanes<1, GROUP>(own, shared, width);
    if (at.lane > 0) continue;
    for (int k = 0; k < GROUP; k++) {
      if (!isInCluster) {
        totals[kind * columns + at.column - start + k] = own[0][k];
      } else if (at.column < channels) {
        of_picture[(blockIdx.y * 2 + kind) * channels + at.column + k] = own[0][k];
      }
    }
  }
  if (!isInCluster) {
    __syncthreads();
    return;
  }
  wait_for_cluster();
  for (unsigned index = threadIdx.x; index < 2 * columns; index += THREADS) {
    unsigned kind = index / columns, column = start + index % columns;
    double total = 0;
    if (column < channels) {
      for (int part = 0; part < CLUSTER; part++) {
        total += of_picture[(part * 2 + kind) * channels + column];
      }
    }
    totals[index] = total;
  }
  __syncthreads();
}

template <bool isInCluster>
__device__ inline void normalize_slab(Elements x, Elements mean, Elements inverseDeviation,
                                      Elements scale, Elements shift, Elements residual, Elements y,
                                      double *parts, Inside inside, unsigned width,
                                      int residualBorder, int border, float epsilon, float slope) {
  __shared__ double shared[GROUP * THREADS];
  __shared__ double totals[2 * SLAB * GROUP];
  __shared__ float measured[2][SLAB * GROUP];
  Hold hold(width, inside);
  Group<GROUP> held[HELD];
  x.loadEach(held, hold.pixel * inside.channels + hold.column, hold.step * inside.channels,
             hold.end * inside.channels);
  double sums[2][GROUP] = {};
#pragma unroll
  for (int number = 0; number < HELD; number++) {
    for (int k = 0; k < GROUP; k++) {
      double value = held[number].at[k];
      sums[0][k] += value;
      sums[1][k] += value * value;
    }
  }
  add_slab<isInCluster>(sums, parts, shared, totals, inside.channels, width);

  unsigned columns = width * GROUP, rows = inside.height * inside.width;
  if (threadIdx.x < columns) {
    unsigned column = blockIdx.x * columns + threadIdx.x;
    double sum = totals[threadIdx.x], squares = totals[columns + threadIdx.x];
    float average = (float)(sum / rows), inverse = inverse_deviation(sum, squares, rows, epsilon);
    measured[0][threadIdx.x] = average;
    measured[1][threadIdx.x] = inverse;
    if (blockIdx.y == 0 && column < inside.channels) {
      mean.set(blockIdx.z * inside.channels + column, average);
      inverseDeviation.set(blockIdx.z * inside.channels + column, inverse);
    }
  }
  __syncthreads();
  Group<GROUP> means, inverses;
  for (int k = 0; k < GROUP; k++) {
    means.at[k] = measured[0][threadIdx.x % width * GROUP + k];
    inverses.at[k] = measured[1][threadIdx.x % width * GROUP + k];
  }
#pragma unroll
  for (int number = 0; number < HELD; number++) {
    if (!hold.has(number)) continue;
    Group<GROUP> values =
        activated<GROUP>(held[number], means, inverses, scale, shift, hold.column, slope);
    if (residual) {
      unsigned place = inside.place(hold.at(number), residualBorder) + hold.column;
      values = plus<GROUP>(values, residual, place);
    }
    inside.put<GROUP>(y, border, hold.at(number), hold.column, values);
  }
}

/// As `norm_statistics` and `norm_apply`, of pictures that one block holds.
extern "C" TWO_AT_ONCE __global__ void norm_block(
    Elements x, Elements mean, Elements inverseDeviation, Elements scale, Elements shift,
    Elements residual, Elements y, double *parts, int height, int pictureWidth, unsigned channels,
    unsigned width, int residualBorder, int border, float epsilon, float slope) {
  normalize_slab<false>(x, mean, inverseDeviation, scale, shift, residual, y, parts,
                        {height, pictureWidth, channels}, width, residualBorder, border, epsilon,
                        slope);
}

/// The same of pictures that a cluster holds.
extern "C" IN_CLUSTERS TWO_AT_ONCE __global__ void norm_cluster(
    Elements x, Elements mean, Elements inverseDeviation, Elements scale, Elements shift,
    Elements residual, Elements y, double *parts, int height, int pictureWidth, unsigned channels,
    unsigned width, int residualBorder, int border, float epsilon, float slope) {
  normalize_slab<true>(x, mean, inverseDeviation, scale, shift, residual, y, parts,
                       {height, pictureWidth, channels}, width, residualBorder, border, epsilon,
                       slope);
}

template <bool isInCluster>
__device__ inline void gradient_slab(Elements dy, Elements x, Elements mean,
                                     Elements inverseDeviation, Elements scale, Elements shift,
                                     Elements plain, Elements products, Elements dx, double *parts,
                                     Inside inside, unsigned width, int border, float slope) {
  __shared__ double shared[GROUP * THREADS];
  __shared__ double totals[2 * SLAB * GROUP];
  Hold hold(width, inside);
  unsigned channels = inside.channels, first = hold.pixel * channels + hold.column;
  Group<GROUP> values[HELD], gradients[HELD];
  x.loadEach(values, first, hold.step * channels, hold.end * channels);
  if (border == 0) {
    dy.loadEach(gradients, first, hold.step * channels, hold.end * channels);
  } else {
#pragma unroll
    for (int number = 0; number < HELD; number++) {
      gradients[number] = {};
      if (!hold.has(number)) continue;
      gradients[number] = inside.folded<GROUP>(dy, border, hold.at(number), hold.column);
    }
  }
  // Mean, 1 / σ, scale, shift, then the means of g and of g · x̂; read anew for each use, which
  // leaves registers for what is held.
  __shared__ volatile float known[6][SLAB * GROUP];
  unsigned columns = width * GROUP, own = threadIdx.x % width * GROUP;
  unsigned column = blockIdx.x * columns + threadIdx.x, plane = blockIdx.z * channels + column;
  bool isKnown = threadIdx.x < columns && column < channels;
  if (isKnown) {
    known[0][threadIdx.x] = mean[plane];
    known[1][threadIdx.x] = inverseDeviation[plane];
    known[2][threadIdx.x] = scale ? scale[column] : 1;
    known[3][threadIdx.x] = scale ? shift[column] : 0;
  }
  __syncthreads();
  // Of so few terms that floats will do.
  float sums[2][GROUP] = {};
#pragma unroll
  for (int number = 0; number < HELD; number++) {
    if (!hold.has(number)) continue;
    for (int k = 0; k < GROUP; k++) {
      float normal = (values[number].at[k] - known[0][own + k]) * known[1][own + k];
      float z = normal * known[2][own + k] + known[3][own + k];
      float g = z > 0 ? gradients[number].at[k] : slope * gradients[number].at[k];
      sums[0][k] += g;
      sums[1][k] += g * normal;
      values[number].at[k] = normal;
      gradients[number].at[k] = g;
    }
  }
  add_slab<isInCluster>(sums, parts, shared, totals, channels, width);

  if (isKnown) {
    float share = 1.0f / (float)(inside.height * inside.width);
    float total = (float)totals[threadIdx.x], mixed = (float)totals[columns + threadIdx.x];
    known[4][threadIdx.x] = total * share;
    known[5][threadIdx.x] = mixed * share;
    if (blockIdx.y == 0) {
      plain.set(plane, total);
      products.set(plane, mixed);
    }
  }
  __syncthreads();
#pragma unroll
  for (int number = 0; number < HELD; number++) {
    if (!hold.has(number)) continue;
    for (int k = 0; k < GROUP; k++) {
      float centred =
          gradients[number].at[k] - known[4][own + k] - values[number].at[k] * known[5][own + k];
      values[number].at[k] = known[2][own + k] * known[1][own + k] * centred;
    }
    dx.store<GROUP>(hold.at(number) * channels + hold.column, values[number]);
  }
}

/// As `norm_gradient_sums` and `norm_gradient`, of pictures that one block holds.
extern "C" TWO_AT_ONCE __global__ void norm_gradient_block(
    Elements dy, Elements x, Elements mean, Elements inverseDeviation, Elements scale,
    Elements shift, Elements plain, Elements products, Elements dx, double *parts, int height,
    int pictureWidth, unsigned channels, unsigned width, int border, float slope) {
  gradient_slab<false>(dy, x, mean, inverseDeviation, scale, shift, plain, products, dx, parts,
                       {height, pictureWidth, channels}, width, border, slope);
}

/// The same of pictures that a cluster holds.
extern "C" IN_CLUSTERS TWO_AT_ONCE __global__ void norm_gradient_cluster(
    Elements dy, Elements x, Elements mean, Elements inverseDeviation, Elements scale,
    Elements shift, Elements plain, Elements products, Elements dx, double *parts, int height,
    int pictureWidth, unsigned channels, unsigned width, int border, float slope) {
  gradient_slab<true>(dy, x, mean, inverseDeviation, scale, shift, plain, products, dx, parts,
                      {height, pictureWidth, channels}, width, border, slope);
}
