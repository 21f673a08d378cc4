// A tensor with few channels, unrolled along its rows: a convolution with a filter [rows, taps]
// becomes one with a filter [rows, 1] over taps · channels channels, which fill a tensor core.
//
// u [N, H′, Q, C′] of x [N, H, W, C]: u(y, q, (s, c)) = x(y, q + s − border, c) for each tap s.
// Zeros stand beside the rows and in channels behind the last tap; C′ is a multiple of GROUP. Where
// borders are mirrored, there are `border` rows above and below too. Q = W + 2·border − taps + 1.

/// What kernels know of an unrolling.
struct Unrolling {
  int height, width;
  unsigned channels, taps, unrolled;
  int border;
  bool isMirrored;

  __device__ int rows() const { return isMirrored ? height + 2 * border : height; }
  __device__ int columns() const { return width + 2 * border - (int)taps + 1; }
};

/// `count` elements of u.
extern "C" __global__ void unroll_rows(Elements x, Elements u, unsigned count, int height,
                                       int width, unsigned channels, unsigned taps,
                                       unsigned unrolled, int border, int isMirrored) {
  GROUP_FROM(first, count);
  Unrolling all = {height, width, channels, taps, unrolled, border, isMirrored != 0};
  unsigned pixel = first / unrolled, place = first % unrolled;
  int column = (int)(pixel % all.columns()), row = (int)(pixel / all.columns() % all.rows());
  unsigned picture = pixel / all.columns() / all.rows();
  if (all.isMirrored) row = mirrored(row, border, height);
  unsigned start = (picture * height + row) * width;
  unsigned tap = place / channels, channel = place % channels;
  Group<GROUP> values;
  for (int k = 0; k < GROUP; k++) {
    int shown = column + (int)tap - border;
    if (all.isMirrored) shown = mirrored(column + (int)tap, border, width);
    bool isInside = tap < taps && shown >= 0 && shown < width;
    values.at[k] = isInside ? x[(start + shown) * channels + channel] : 0;
    if (++channel == channels) {
      channel = 0;
      tap++;
    }
  }
  u.store<GROUP>(first, values);
}

/// The adjoint of `unroll_rows`, and a bias [C] or null: `count` elements of x.
extern "C" __global__ void unroll_adjoint(Elements u, Elements x, Elements bias, unsigned count,
                                          int height, int width, unsigned channels, unsigned taps,
                                          unsigned unrolled, int border, int isMirrored) {
  ELEMENT(index, count);
  Unrolling all = {height, width, channels, taps, unrolled, border, isMirrored != 0};
  unsigned channel = index % channels, pixel = index / channels;
  int column = (int)(pixel % width), row = (int)(pixel / width % height);
  unsigned picture = pixel / width / height;
  Shown rows(row, all.isMirrored ? border : 0, height, all.isMirrored);
  Shown columns(column, border, width, all.isMirrored);
  float sum = bias ? bias[channel] : 0;
  for (int r = 0; r < SHOWN; r++) {
    unsigned start = (picture * all.rows() + rows[r]) * all.columns();
    for (int c = 0; c < SHOWN && rows[r] >= 0; c++) {
      if (columns[c] < 0) continue;
      for (int tap = 0; tap < (int)taps; tap++) {
        int place = columns[c] - tap;
        if (place < 0 || place >= all.columns()) continue;
        sum += u[(start + place) * unrolled + tap * channels + channel];
      }
    }
  }
  x.set(index, sum);
}

/// A filter w [I, rows, taps, O] as cuDNN wants it for an unrolled side: [O, rows, 1, (tap, i)]
/// where the input is unrolled, else [(tap, o), rows, 1, I], its taps from last to first, since an
/// output is the adjoint's side. `count` elements of u; zeros stand behind the last tap.
extern "C" __global__ void unroll_filter(Elements w, Elements u, unsigned count, unsigned inputs,
                                         unsigned rows, unsigned taps, unsigned outputs,
                                         unsigned unrolled, int isOfInput) {
  ELEMENT(index, count);
  unsigned inner = isOfInput ? unrolled : inputs;
  unsigned last = index % inner, row = index / inner % rows, first = index / inner / rows;
  unsigned place = isOfInput ? last : first, channels = isOfInput ? inputs : outputs;
  unsigned tap = place / channels, channel = place % channels;
  float value = 0;
  if (tap < taps) {
    unsigned i = isOfInput ? channel : last, o = isOfInput ? first : channel;
    unsigned s = isOfInput ? tap : taps - 1 - tap;
    value = w[((i * rows + row) * taps + s) * outputs + o];
  }
  u.set(index, value);
}

/// The adjoint of `unroll_filter`: `count` elements of w.
extern "C" __global__ void unroll_filter_adjoint(Elements u, Elements w, unsigned count,
                                                 unsigned inputs, unsigned rows, unsigned taps,
                                                 unsigned outputs, unsigned unrolled,
                                                 int isOfInput) {
  ELEMENT(index, count);
  unsigned o = index % outputs, s = index / outputs % taps;
  unsigned row = index / outputs / taps % rows, i = index / outputs / taps / rows;
  unsigned place = isOfInput ? (o * rows + row) * unrolled + s * inputs + i
                             : (((taps - 1 - s) * outputs + o) * rows + row) * inputs + i;
  w.set(index, u[place]);
}
