// Sums over the middle axis of [outer, rows, columns], in double precision and in an order that
// depends on the shape alone.
//
// A block of THREADS threads is `width` columns times THREADS / width lanes; each lane adds up
// every so many rows, then the lanes are added in pairs. Long axes are cut into parts: a block adds
// up one part and writes [outer, parts, kinds, columns] doubles, which a second kernel adds up.

#define THREADS 256

/// Where a thread stands in its block.
struct Place {
  unsigned column, lane, lanes;
};

__device__ inline Place place(unsigned width) {
  return {blockIdx.x * width + threadIdx.x % width, threadIdx.x / width, THREADS / width};
}

/// Adds up `kinds` sums over the lanes of a block; the first lane has the totals.
template <int kinds>
__device__ inline void add_lanes(double (&sums)[kinds], unsigned width) {
  __shared__ double shared[kinds][THREADS];
  for (int kind = 0; kind < kinds; kind++) shared[kind][threadIdx.x] = sums[kind];
  for (unsigned half = THREADS / 2; half >= width; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) {
      for (int kind = 0; kind < kinds; kind++) {
        shared[kind][threadIdx.x] += shared[kind][threadIdx.x + half];
      }
    }
  }
  for (int kind = 0; kind < kinds; kind++) sums[kind] = shared[kind][threadIdx.x];
}

/// Adds up one part of the rows: blockIdx is (columns, part, outer).
template <int kinds, class Term>
__device__ inline void add_part(double *parts, unsigned rows, unsigned columns, unsigned width,
                                unsigned perPart, Term term) {
  Place at = place(width);
  unsigned first = blockIdx.y * perPart;
  unsigned end = first + perPart < rows ? first + perPart : rows;
  double sums[kinds] = {};
  if (at.column < columns) {
    for (unsigned row = first + at.lane; row < end; row += at.lanes) {
      term((blockIdx.z * rows + row) * columns + at.column, at.column, sums);
    }
  }
  add_lanes<kinds>(sums, width);
  if (at.lane == 0 && at.column < columns) {
    double *result = parts + (blockIdx.z * gridDim.y + blockIdx.y) * kinds * columns + at.column;
    for (int kind = 0; kind < kinds; kind++) result[kind * columns] = sums[kind];
  }
}

/// Adds up all parts of a column: blockIdx is (columns, 1, outer). True for the threads that have
/// the totals of a column.
template <int kinds>
__device__ inline bool add_parts(double (&sums)[kinds], const double *parts, unsigned count,
                                 unsigned columns, unsigned width) {
  Place at = place(width);
  for (int kind = 0; kind < kinds; kind++) sums[kind] = 0;
  if (at.column < columns) {
    for (unsigned part = at.lane; part < count; part += at.lanes) {
      const double *from = parts + (blockIdx.z * count + part) * kinds * columns + at.column;
      for (int kind = 0; kind < kinds; kind++) sums[kind] += from[kind * columns];
    }
  }
  add_lanes<kinds>(sums, width);
  return at.lane == 0 && at.column < columns;
}

/// Part sums of x [outer, rows, columns].
extern "C" __global__ void sums_parts(const float *x, double *parts, unsigned rows,
                                      unsigned columns, unsigned width, unsigned perPart) {
  add_part<1>(parts, rows, columns, width, perPart,
              [=](unsigned index, unsigned, double *sums) { sums[0] += x[index]; });
}

/// Sums [outer, columns] of part sums.
extern "C" __global__ void sums_total(const double *parts, float *y, unsigned count,
                                      unsigned columns, unsigned width) {
  double sums[1];
  if (add_parts<1>(sums, parts, count, columns, width)) {
    y[blockIdx.z * columns + place(width).column] = (float)sums[0];
  }
}
