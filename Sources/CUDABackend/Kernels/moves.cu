// Elements that change their places: channels, whole pictures, and the order of a filter's axes.

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
