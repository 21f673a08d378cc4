// Mirrored borders. A tensor with a border is [N, H + 2·border, W + 2·border, C] in memory; kernels
// are told of the picture inside, and of its pixels, counted over all pictures.

/// Where a place on a mirrored axis shows; all by whole numbers from the padded axis' start.
__device__ inline int mirrored(int padded, int amount, int extent) {
  int place = padded - amount;
  return place < 0 ? -place : place >= extent ? 2 * (extent - 1) - place : place;
}

/// The places of a padded axis that show one of the axis: its own, and at most one in each border;
/// −1 where there is none.
struct Shown {
  int own, low = -1, high = -1;

  __device__ Shown(int place, int border, int extent, bool isMirrored = true) {
    own = place + border;
    if (!isMirrored) return;
    if (place >= 1 && place <= border) low = border - place;
    if (place <= extent - 2 && place >= extent - 1 - border) {
      high = border + 2 * (extent - 1) - place;
    }
  }

  /// By number, of SHOWN.
  __device__ int operator[](int number) const {
    return number == 0 ? own : number == 1 ? low : high;
  }
};

#define SHOWN 3

/// What a picture is inside its border.
struct Inside {
  int height, width;
  unsigned channels;

  /// Where a pixel's channels begin in a tensor with a border.
  __device__ unsigned place(unsigned pixel, int border) const {
    if (border == 0) return pixel * channels;
    unsigned row = pixel / width, picture = row / height;
    return place(picture, row % height + border, pixel % width + border, border);
  }

  /// The same by the row and column, counted from the border's start.
  __device__ unsigned place(unsigned picture, int row, int column, int border) const {
    unsigned start = (picture * (height + 2 * border) + row) * (width + 2 * border);
    return (start + column) * channels;
  }

  /// Writes `wide` channels of a pixel wherever they show.
  template <int wide>
  __device__ void put(Elements y, int border, unsigned pixel, unsigned channel,
                      const Group<wide> &values) const {
    if (border == 0) return y.store<wide>(pixel * channels + channel, values);
    unsigned line = pixel / width, picture = line / height;
    Shown rows(line % height, border, height), columns(pixel % width, border, width);
    for (int r = 0; r < SHOWN; r++) {
      for (int c = 0; c < SHOWN && rows[r] >= 0; c++) {
        if (columns[c] < 0) continue;
        y.store<wide>(place(picture, rows[r], columns[c], border) + channel, values);
      }
    }
  }

  /// The adjoint of `put`: the sum of all that shows `wide` channels of a pixel.
  template <int wide>
  __device__ Group<wide> folded(Elements dy, int border, unsigned pixel, unsigned channel) const {
    if (border == 0) return dy.load<wide>(pixel * channels + channel);
    unsigned line = pixel / width, picture = line / height;
    Shown rows(line % height, border, height), columns(pixel % width, border, width);
    Group<wide> sum = {};
    for (int r = 0; r < SHOWN; r++) {
      for (int c = 0; c < SHOWN && rows[r] >= 0; c++) {
        if (columns[c] < 0) continue;
        Group<wide> shown =
            dy.load<wide>(place(picture, rows[r], columns[c], border) + channel);
        for (int k = 0; k < wide; k++) sum.at[k] += shown.at[k];
      }
    }
    return sum;
  }
};

/// `wide` elements of one pixel of y.
template <int wide>
__device__ inline void mirror(Elements x, Elements y, unsigned index, Inside inside, int border) {
  unsigned channel = index % inside.channels, pixel = index / inside.channels;
  int paddedWidth = inside.width + 2 * border, paddedHeight = inside.height + 2 * border;
  int column = mirrored(pixel % paddedWidth, border, inside.width);
  int row = mirrored(pixel / paddedWidth % paddedHeight, border, inside.height);
  unsigned picture = pixel / paddedWidth / paddedHeight;
  y.store<wide>(index, x.load<wide>(inside.place(picture, row, column, 0) + channel));
}

/// y with a border, of x [N, H, W, C]; `count` elements of y.
extern "C" __global__ void borders_mirror(Elements x, Elements y, unsigned count, int height,
                                          int width, unsigned channels, int border) {
  GROUP_FROM(first, count);
  Inside inside = {height, width, channels};
  if (channels % GROUP == 0) {
    mirror<GROUP>(x, y, first, inside, border);
    return;
  }
  for (unsigned index = first; index < first + GROUP && index < count; index++) {
    mirror<1>(x, y, index, inside, border);
  }
}

/// `wide` elements of one pixel of dx.
template <int wide>
__device__ inline void fold(Elements dy, Elements dx, unsigned index, Inside inside, int border,
                            bool isAdded) {
  unsigned channel = index % inside.channels, pixel = index / inside.channels;
  Group<wide> sum = inside.folded<wide>(dy, border, pixel, channel);
  if (isAdded) {
    Group<wide> before = dx.load<wide>(index);
    for (int k = 0; k < wide; k++) sum.at[k] += before.at[k];
  }
  dx.store<wide>(index, sum);
}

/// The adjoint of `borders_mirror`: dx [N, H, W, C] of dy with a border, or that added to dx;
/// `count` elements of dx.
extern "C" __global__ void borders_fold(Elements dy, Elements dx, unsigned count, int height,
                                        int width, unsigned channels, int border, int isAdded) {
  GROUP_FROM(first, count);
  Inside inside = {height, width, channels};
  if (channels % GROUP == 0) {
    fold<GROUP>(dy, dx, first, inside, border, isAdded != 0);
    return;
  }
  for (unsigned index = first; index < first + GROUP && index < count; index++) {
    fold<1>(dy, dx, index, inside, border, isAdded != 0);
  }
}

/// y [N, H, W, C] without the border of x; `count` elements of y.
extern "C" __global__ void borders_cut(Elements x, Elements y, unsigned count, int height,
                                       int width, unsigned channels, int border) {
  GROUP_FROM(first, count);
  Inside inside = {height, width, channels};
  if (channels % GROUP == 0) {
    unsigned place = inside.place(first / channels, border) + first % channels;
    y.store<GROUP>(first, x.load<GROUP>(place));
    return;
  }
  for (unsigned index = first; index < first + GROUP && index < count; index++) {
    y.set(index, x[inside.place(index / channels, border) + index % channels]);
  }
}
