// Sums over the middle axis of [outer, rows, columns], in double precision and in an order that
// depends on the shape alone.
//
// A block of THREADS threads is `width` groups of `wide` columns times THREADS / width lanes; each
// lane adds up every so many rows, then the lanes are added in pairs. Long axes are cut into parts:
// each block adds up one part and writes [outer, parts, kinds, columns] doubles, and the last block
// to come to its end adds up the parts, in their order.

/// Where a thread stands in its block: its first column, and its lane.
struct Place {
  unsigned column, lane, lanes;
};

template <int wide>
__device__ inline Place place(unsigned width) {
  return {(blockIdx.x * width + threadIdx.x % width) * wide, threadIdx.x / width, THREADS / width};
}

/// Adds up sums over the lanes of a block; the first lane has the totals.
template <int kinds, int wide>
__device__ inline void add_lanes(double (&sums)[kinds][wide], double *shared, unsigned width) {
  for (int kind = 0; kind < kinds; kind++) {
    for (int k = 0; k < wide; k++) shared[k * THREADS + threadIdx.x] = sums[kind][k];
    for (unsigned half = THREADS / 2; half >= width; half /= 2) {
      __syncthreads();
      if (threadIdx.x < half) {
        for (int k = 0; k < wide; k++) {
          shared[k * THREADS + threadIdx.x] += shared[k * THREADS + threadIdx.x + half];
        }
      }
    }
    for (int k = 0; k < wide; k++) sums[kind][k] = shared[k * THREADS + threadIdx.x];
    __syncthreads();
  }
}

/// True for all threads of the block that comes last of those with the same columns.
__device__ inline bool comes_last(unsigned *arrivals) {
  __shared__ bool isLast;
  __threadfence();
  __syncthreads();
  if (threadIdx.x == 0) {
    unsigned *own = arrivals + blockIdx.z * gridDim.x + blockIdx.x;
    isLast = atomicAdd(own, 1u) == gridDim.y - 1;
    // For the next kernel.
    if (isLast) *own = 0;
  }
  __syncthreads();
  __threadfence();
  return isLast;
}

/// Adds up all rows: blockIdx is (columns, part, outer). `term` adds what stands at an index, of a
/// column, to the sums. True for the threads that have the totals of `wide` columns.
template <int kinds, int wide, class Term>
__device__ inline bool add_rows(double (&sums)[kinds][wide], double *parts, unsigned *arrivals,
                                double *shared, unsigned rows, unsigned columns, unsigned width,
                                unsigned perPart, Term term) {
  Place at = place<wide>(width);
  bool isInside = at.column < columns;
  unsigned first = blockIdx.y * perPart;
  unsigned end = first + perPart < rows ? first + perPart : rows;
  if (isInside) {
    for (unsigned row = first + at.lane; row < end; row += at.lanes) {
      term((blockIdx.z * rows + row) * columns + at.column, at.column, sums);
    }
  }
  add_lanes<kinds, wide>(sums, shared, width);
  if (gridDim.y == 1) return at.lane == 0 && isInside;

  volatile double *of_outer = parts + (size_t)blockIdx.z * gridDim.y * kinds * columns;
  if (at.lane == 0 && isInside) {
    for (int kind = 0; kind < kinds; kind++) {
      for (int k = 0; k < wide; k++) {
        of_outer[(blockIdx.y * kinds + kind) * columns + at.column + k] = sums[kind][k];
      }
    }
  }
  if (!comes_last(arrivals)) return false;
  for (int kind = 0; kind < kinds; kind++) {
    for (int k = 0; k < wide; k++) sums[kind][k] = 0;
  }
  if (isInside) {
    for (unsigned part = at.lane; part < gridDim.y; part += at.lanes) {
      for (int kind = 0; kind < kinds; kind++) {
        for (int k = 0; k < wide; k++) {
          sums[kind][k] += of_outer[(part * kinds + kind) * columns + at.column + k];
        }
      }
    }
  }
  add_lanes<kinds, wide>(sums, shared, width);
  return at.lane == 0 && isInside;
}

template <int wide>
__device__ inline void sum(Elements x, Elements y, double *parts, unsigned *arrivals,
                           double *shared, unsigned rows, unsigned columns, unsigned width,
                           unsigned perPart) {
  double sums[1][wide] = {};
  bool hasTotals = add_rows<1, wide>(
      sums, parts, arrivals, shared, rows, columns, width, perPart,
      [=](unsigned index, unsigned, double(&sums)[1][wide]) {
        Group<wide> values = x.load<wide>(index);
        for (int k = 0; k < wide; k++) sums[0][k] += values.at[k];
      });
  if (!hasTotals) return;
  Group<wide> totals;
  for (int k = 0; k < wide; k++) totals.at[k] = (float)sums[0][k];
  y.store<wide>(blockIdx.z * columns + place<wide>(width).column, totals);
}

/// Sums y [outer, columns] of x [outer, rows, columns].
extern "C" __global__ void sums_rows(Elements x, Elements y, double *parts, unsigned *arrivals,
                                     unsigned rows, unsigned columns, unsigned width,
                                     unsigned perPart) {
  __shared__ double shared[GROUP * THREADS];
  if (columns % GROUP == 0) {
    sum<GROUP>(x, y, parts, arrivals, shared, rows, columns, width, perPart);
  } else {
    sum<1>(x, y, parts, arrivals, shared, rows, columns, width, perPart);
  }
}
