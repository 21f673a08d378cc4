#include "include/pixels.h"

#include "cpus.h"

enum { block = 256, weight_bits = 11, one = 1 << weight_bits };

typedef uint8_t byte_vector __attribute__((vector_size(4)));
typedef uint8_t pixels_vector __attribute__((vector_size(16)));
typedef int32_t sum_vector __attribute__((vector_size(16)));

typedef struct {
  int32_t x[block], y[block], weight_x[block], weight_y[block];
} places;

INLINED int32_t whole(float value) {
  int32_t truncated = (int32_t)value;
  return truncated - (value < (float)truncated);
}

// Far beyond any picture and far within 32 bits; written so that what is no number becomes one.
INLINED float bounded(float value) {
  value = value > -1e6f ? value : -1e6f;
  return value < 1e6f ? value : 1e6f;
}

INLINED void find(const float *xs, const float *ys, size_t count, float shift, places *found) {
  for (size_t i = 0; i < count; i++) {
    float x = bounded(xs[i] + shift), y = bounded(ys[i] + shift);
    int32_t left = whole(x), top = whole(y);
    found->x[i] = left;
    found->y[i] = top;
    found->weight_x[i] = (int32_t)((x - (float)left) * one + 0.5f);
    found->weight_y[i] = (int32_t)((y - (float)top) * one + 0.5f);
  }
}

// The position that stands in for one outside, or -1 for the fill.
INLINED ptrdiff_t inside(ptrdiff_t position, ptrdiff_t count, int border) {
  if (position >= 0 && position < count) return position;
  if (border == pixels_border_fill) return -1;
  if (border == pixels_border_edge || count == 1) return position < 0 ? 0 : count - 1;
  ptrdiff_t period = 2 * (count - 1), phase = position % period;
  if (phase < 0) phase += period;
  return phase < count ? phase : period - phase;
}

INLINED const uint8_t *pixel(const pixels_picture *source, ptrdiff_t x, ptrdiff_t y,
                             const pixels_sampling *how, ptrdiff_t channels) {
  ptrdiff_t column = inside(x, source->width, how->border);
  ptrdiff_t row = inside(y, source->height, how->border);
  if (column < 0 || row < 0) return how->fill;
  return source->samples + (row * source->width + column) * channels;
}

INLINED sum_vector load(const uint8_t *from, ptrdiff_t channels) {
  byte_vector bytes = {0};
  memcpy(&bytes, from, (size_t)channels);
  return __builtin_convertvector(bytes, sum_vector);
}

INLINED void store(sum_vector sums, uint8_t *to, ptrdiff_t channels) {
  byte_vector bytes = __builtin_convertvector(sums, byte_vector);
  memcpy(to, &bytes, (size_t)channels);
}

// `read` channels of each neighbour are read: one more than there are where memory allows.
INLINED void mix(const uint8_t *top_left, const uint8_t *top_right, const uint8_t *bottom_left,
                 const uint8_t *bottom_right, int32_t weight_x, int32_t weight_y, uint8_t *target,
                 ptrdiff_t channels, ptrdiff_t read) {
  sum_vector a = load(top_left, read), b = load(top_right, read);
  sum_vector c = load(bottom_left, read), d = load(bottom_right, read);
  sum_vector top = a * one + (b - a) * weight_x, bottom = c * one + (d - c) * weight_x;
  sum_vector sum = top * one + (bottom - top) * weight_y;
  store((sum + (1 << (2 * weight_bits - 1))) >> (2 * weight_bits), target, channels);
}

INLINED void sample_bilinear(pixels_picture source, const places *at, size_t count, uint8_t *target,
                             pixels_sampling how, ptrdiff_t channels) {
  ptrdiff_t row = source.width * channels, read = channels == 3 ? 4 : channels;
  // Where four channels of a right neighbour of three are read, they must not end the picture.
  ptrdiff_t right = source.width - (channels == 3 ? 2 : 1), bottom = source.height - 1;
  for (size_t i = 0; i < count; i++, target += channels) {
    ptrdiff_t x = at->x[i], y = at->y[i];
    if (x >= 0 && x < right && y >= 0 && y < bottom) {
      const uint8_t *from = source.samples + y * row + x * channels;
      mix(from, from + channels, from + row, from + row + channels, at->weight_x[i],
          at->weight_y[i], target, channels, read);
    } else {
      mix(pixel(&source, x, y, &how, channels), pixel(&source, x + 1, y, &how, channels),
          pixel(&source, x, y + 1, &how, channels), pixel(&source, x + 1, y + 1, &how, channels),
          at->weight_x[i], at->weight_y[i], target, channels, channels);
    }
  }
}

INLINED void sample_nearest(pixels_picture source, const places *at, size_t count, uint8_t *target,
                            pixels_sampling how, ptrdiff_t channels) {
  for (size_t i = 0; i < count; i++, target += channels) {
    memcpy(target, pixel(&source, at->x[i], at->y[i], &how, channels), (size_t)channels);
  }
}

FOR_EACH_CPU
void pixels_sample(pixels_picture source, const float *xs, const float *ys, size_t count,
                   uint8_t *target, pixels_sampling how) {
  places at;
  for (size_t start = 0; start < count; start += block) {
    size_t some = count - start < block ? count - start : block;
    uint8_t *to = target + start * (size_t)source.channels;
    find(xs + start, ys + start, some, how.bilinear ? 0.0f : 0.5f, &at);
#define BILINEAR(constant) sample_bilinear(source, &at, some, to, how, constant)
#define NEAREST(constant) sample_nearest(source, &at, some, to, how, constant)
    if (how.bilinear) {
      FOR_CHANNELS(source.channels, BILINEAR)
    } else {
      FOR_CHANNELS(source.channels, NEAREST)
    }
  }
}

FOR_EACH_CPU
void pixels_project(const double m[9], double y, size_t count, float *xs, float *ys) {
  double x0 = m[1] * y + m[2], y0 = m[4] * y + m[5], w0 = m[7] * y + m[8];
  if (m[6] == 0 && m[7] == 0) {
    double a = m[0] / m[8], b = m[3] / m[8];
    x0 /= m[8];
    y0 /= m[8];
    for (size_t i = 0; i < count; i++) {
      xs[i] = (float)(a * (double)(int32_t)i + x0);
      ys[i] = (float)(b * (double)(int32_t)i + y0);
    }
    return;
  }
  for (size_t i = 0; i < count; i++) {
    double x = (double)(int32_t)i, scale = 1 / (m[6] * x + w0);
    xs[i] = (float)((m[0] * x + x0) * scale);
    ys[i] = (float)((m[3] * x + y0) * scale);
  }
}

INLINED void mirror(pixels_picture source, uint8_t *target, size_t channels) {
  size_t row = (size_t)source.width * channels;
  for (ptrdiff_t y = 0; y < source.height; y++) {
    const uint8_t *from = source.samples + (size_t)y * row;
    uint8_t *to = target + (size_t)(y + 1) * row - channels;
    ptrdiff_t x = 0;
    // Five pixels of three channels at a time; the sample that is written too much lies in front of
    // them and is written over by the next ones.
    if (channels == 3) {
      for (; x + 6 <= source.width; x += 5, from += 15, to -= 15) {
        pixels_vector five;
        memcpy(&five, from, sizeof five);
        five = __builtin_shufflevector(five, five, 15, 12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0,
                                       1, 2);
        memcpy(to - 13, &five, sizeof five);
      }
    }
    for (; x < source.width; x++, from += channels, to -= channels) memcpy(to, from, channels);
  }
}

FOR_EACH_CPU
void pixels_mirror(pixels_picture source, uint8_t *target) {
#define CALL(constant) mirror(source, target, constant)
  FOR_CHANNELS(source.channels, CALL)
#undef CALL
}

// In squares, so that rows of both pictures stay in the cache.
INLINED void transpose(pixels_picture source, uint8_t *target, size_t channels) {
  enum { side = 32 };
  for (ptrdiff_t top = 0; top < source.height; top += side) {
    ptrdiff_t bottom = top + side < source.height ? top + side : source.height;
    for (ptrdiff_t left = 0; left < source.width; left += side) {
      ptrdiff_t right = left + side < source.width ? left + side : source.width;
      for (ptrdiff_t x = left; x < right; x++) {
        uint8_t *to = target + (size_t)(x * source.height + top) * channels;
        const uint8_t *from = source.samples + (size_t)(top * source.width + x) * channels;
        for (ptrdiff_t y = top; y < bottom; y++, to += channels) {
          memcpy(to, from, channels);
          from += (size_t)source.width * channels;
        }
      }
    }
  }
}

void pixels_transpose(pixels_picture source, uint8_t *target) {
#define CALL(constant) transpose(source, target, constant)
  FOR_CHANNELS(source.channels, CALL)
#undef CALL
}
