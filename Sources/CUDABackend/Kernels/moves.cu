// Elements that change their places: channels, mirrored borders, and the order of a filter's axes.

/// Copies `length` channels of each pixel, from one channel of the source to another of the target.
extern "C" __global__ void moves_channels(Elements source, Elements target, unsigned count,
                                          unsigned length, unsigned sourceChannels,
                                          unsigned sourceFirst, unsigned targetChannels,
                                          unsigned targetFirst) {
  ELEMENT(index, count);
  unsigned pixel = index / length, channel = index % length;
  target.set(pixel * targetChannels + targetFirst + channel,
             source[pixel * sourceChannels + sourceFirst + channel]);
}

/// Where a place on a mirrored axis shows; all by whole numbers from the padded axis' start.
__device__ inline int mirrored(int padded, int amount, int extent) {
  int place = padded - amount;
  return place < 0 ? -place : place >= extent ? 2 * (extent - 1) - place : place;
}

/// `wide` elements of one pixel of y.
template <int wide>
__device__ inline void mirror(Elements x, Elements y, unsigned index, int height, int width,
                              unsigned channels, int amount) {
  unsigned channel = index % channels, pixel = index / channels;
  int paddedWidth = width + 2 * amount, paddedHeight = height + 2 * amount;
  int column = mirrored(pixel % paddedWidth, amount, width);
  int row = mirrored(pixel / paddedWidth % paddedHeight, amount, height);
  unsigned picture = pixel / paddedWidth / paddedHeight;
  unsigned source = ((picture * height + row) * width + column) * channels + channel;
  y.store<wide>(index, x.load<wide>(source));
}

/// y [N, H + 2·amount, W + 2·amount, C] of x [N, H, W, C]; `count` elements of y.
extern "C" __global__ void moves_mirror(Elements x, Elements y, unsigned count, int height,
                                        int width, unsigned channels, int amount) {
  GROUP_FROM(first, count);
  if (channels % GROUP == 0) {
    mirror<GROUP>(x, y, first, height, width, channels, amount);
    return;
  }
  for (unsigned index = first; index < first + GROUP && index < count; index++) {
    mirror<1>(x, y, index, height, width, channels, amount);
  }
}

/// The places of a padded axis that show `place`: itself and at most one in each border.
__device__ inline int showing(int place, int amount, int extent, int (&places)[3]) {
  int count = 0;
  places[count++] = place + amount;
  if (place >= 1 && place <= amount) places[count++] = amount - place;
  if (place <= extent - 2 && place >= extent - 1 - amount) {
    places[count++] = amount + 2 * (extent - 1) - place;
  }
  return count;
}

/// `wide` elements of one pixel of dx.
template <int wide>
__device__ inline void mirror_adjoint(Elements dy, Elements dx, unsigned index, int height,
                                      int width, unsigned channels, int amount) {
  unsigned channel = index % channels, pixel = index / channels;
  int rows[3], columns[3];
  int rowCount = showing(pixel / width % height, amount, height, rows);
  int columnCount = showing(pixel % width, amount, width, columns);
  unsigned picture = pixel / width / height;
  int paddedWidth = width + 2 * amount, paddedHeight = height + 2 * amount;
  Group<wide> sum = {};
  for (int row = 0; row < rowCount; row++) {
    for (int column = 0; column < columnCount; column++) {
      unsigned place = (picture * paddedHeight + rows[row]) * paddedWidth + columns[column];
      Group<wide> shown = dy.load<wide>(place * channels + channel);
      for (int k = 0; k < wide; k++) sum.at[k] += shown.at[k];
    }
  }
  dx.store<wide>(index, sum);
}

/// The adjoint of `moves_mirror`: dx [N, H, W, C] of dy; `count` elements of dx.
extern "C" __global__ void moves_mirror_adjoint(Elements dy, Elements dx, unsigned count,
                                                int height, int width, unsigned channels,
                                                int amount) {
  GROUP_FROM(first, count);
  if (channels % GROUP == 0) {
    mirror_adjoint<GROUP>(dy, dx, first, height, width, channels, amount);
    return;
  }
  for (unsigned index = first; index < first + GROUP && index < count; index++) {
    mirror_adjoint<1>(dy, dx, index, height, width, channels, amount);
  }
}

/// Moves each picture of x [N, H, W, C] by its offset in rows and columns [N, 2]; zeros come in.
extern "C" __global__ void moves_shift(Elements x, Elements y, const int *offsets, unsigned count,
                                       int height, int width, unsigned channels) {
  ELEMENT(index, count);
  unsigned channel = index % channels, pixel = index / channels;
  unsigned picture = pixel / width / height;
  int row = (int)(pixel / width % height) - offsets[2 * picture];
  int column = (int)(pixel % width) - offsets[2 * picture + 1];
  bool isInside = row >= 0 && row < height && column >= 0 && column < width;
  y.set(index, isInside ? x[((picture * height + row) * width + column) * channels + channel] : 0);
}

#define TILE 32

/// Exchanges the outer axes: y [inner, taps, outer] of x [outer, taps, inner]. A block of TILE × 8
/// threads turns a tile over, so that both sides go along memory.
extern "C" __global__ void moves_filter(Elements x, Elements y, unsigned outer, unsigned taps,
                                        unsigned inner) {
  __shared__ float tile[TILE][TILE + 1];
  unsigned tap = blockIdx.z;
  unsigned column = blockIdx.x * TILE + threadIdx.x, row = blockIdx.y * TILE + threadIdx.y;
  for (unsigned step = 0; step < TILE; step += 8) {
    if (column < inner && row + step < outer) {
      tile[threadIdx.y + step][threadIdx.x] = x[((row + step) * taps + tap) * inner + column];
    }
  }
  __syncthreads();
  column = blockIdx.y * TILE + threadIdx.x, row = blockIdx.x * TILE + threadIdx.y;
  for (unsigned step = 0; step < TILE; step += 8) {
    if (column < outer && row + step < inner) {
      y.set(((row + step) * taps + tap) * outer + column, tile[threadIdx.x][threadIdx.y + step]);
    }
  }
}
