#pragma once

#include <stddef.h>
#include <stdint.h>

// Loops over the samples of pictures. Samples are bytes, rows from the top, channels (one to four)
// interleaved, nothing between rows. Sources and targets never overlap unless it is said.

typedef struct {
  const uint8_t *samples;
  ptrdiff_t width, height, channels;
} pixels_picture;

// Tables.

/// target[i] = tables[256 * (i % channels) + source[i]]; the target may be the source.
void pixels_look_up(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels,
                    const uint8_t *tables);

/// counts[256 * c + level] pixels have that level in channel c.
void pixels_count(const uint8_t *source, size_t pixels, size_t channels, uint32_t *counts);

/// The first `mixed` of the channels become a + (b - a) * weight / 256, rounded; the rest is a's.
void pixels_blend(const uint8_t *a, const uint8_t *b, uint8_t *target, size_t pixels,
                  size_t channels, size_t mixed, int weight);

// Places.

/// What stands where a picture has no pixel: a colour, the nearest pixel, or the picture mirrored
/// at its border pixels.
enum pixels_border { pixels_border_fill, pixels_border_edge, pixels_border_reflect };

typedef struct {
  int border;       // of pixels_border
  int bilinear;     // else the nearest pixel
  uint8_t fill[4];  // for each channel
} pixels_sampling;

/// The levels at `count` places of the source, counted from the centre of its top left pixel.
void pixels_sample(pixels_picture source, const float *xs, const float *ys, size_t count,
                   uint8_t *target, pixels_sampling how);

/// Where pixel (0…count-1, y) of a target lies in its source by a projective matrix, row by row.
void pixels_project(const double matrix[9], double y, size_t count, float *xs, float *ys);

/// The pixels of each row in opposite order.
void pixels_mirror(pixels_picture source, uint8_t *target);

/// Rows and columns swapped.
void pixels_transpose(pixels_picture source, uint8_t *target);

// Neighbourhoods.

/// Sums of neighbours along rows, then columns, mirrored at the borders.
///
/// Each side has 2 * radius + 1 weights, in 256ths, that add up to 256. `scratch` holds
/// (2 * radius_y + 2) * row + 4 * (row + 2 * radius_x * channels) bytes with row = 2 * width *
/// channels.
void pixels_blur(pixels_picture source, uint8_t *target, const uint16_t *weights_x,
                 ptrdiff_t radius_x, const uint16_t *weights_y, ptrdiff_t radius_y, void *scratch);

/// Rows that are padded at a time.
enum { pixels_strip = 16 };

/// Sums of samples up to `radius` pixels away, mirrored at the borders; weights add up to 256.
///
/// `distances` lead to them from the sample `radius` pixels to the left and above, in rows of
/// (width + 2 * radius) * channels. `scratch` holds pixels_strip + 2 * radius such rows.
void pixels_gather(pixels_picture source, uint8_t *target, ptrdiff_t radius,
                   const ptrdiff_t *distances, const uint16_t *weights, size_t taps,
                   uint8_t *scratch);

/// centre * sample + ring * (sum of the 3×3 samples around and with it), mirrored at the borders.
///
/// `scratch` is that of a radius of 1.
void pixels_ring(pixels_picture source, uint8_t *target, float centre, float ring,
                 uint8_t *scratch);

// Colours.

enum pixels_adjustment_kind { pixels_matrix, pixels_hsv };

/// A change to colours in 0…255: a 3×4 matrix (three rows of weights and an addend), or additions
/// to hue (in turns), saturation and value (0…1). Results are clamped to 0…255.
typedef struct {
  int kind;
  float values[12];
} pixels_adjustment;

/// Changes colours; further channels are copied. Pictures of one or two channels have one colour,
/// which counts as three equal ones.
void pixels_adjust(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels,
                   const pixels_adjustment *adjustments, size_t count);

/// The sum of the grey levels (BT.601) after such changes.
double pixels_grey_sum(const uint8_t *source, size_t pixels, size_t channels,
                       const pixels_adjustment *adjustments, size_t count);

/// Grey levels by the weights of BT.601, rounded.
void pixels_grey(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels);

/// The colours of each pixel become its grey level; further channels are copied.
void pixels_without_color(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels);

/// Adds the difference of two planes to the colours, clamped; the target may be the source.
void pixels_add_difference(const uint8_t *source, const uint8_t *before, const uint8_t *after,
                           uint8_t *target, size_t pixels, size_t channels);

/// Equalises a plane in tiles: `clip` times the mean count is the most that a level may have.
///
/// The tables of tiles, 256 bytes each, are written to `tables`.
void pixels_equalize_tiles(const uint8_t *source, uint8_t *target, ptrdiff_t width,
                           ptrdiff_t height, ptrdiff_t columns, ptrdiff_t rows, float clip,
                           uint8_t *tables);

// Noise.

enum { pixels_noise_levels = 1 << 14 };

/// Adds to each colour a random one of the `pixels_noise_levels` levels in `noise`.
///
/// With `shared` a pixel's colours get the same. Further channels are copied.
void pixels_add_noise(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels,
                      const int16_t *noise, int shared, uint64_t seed);

// Transforms.

/// How many lines are transformed side by side: number after number, a value for each line.
enum { pixels_lines = 8 };

/// The Fourier transform of lines of `length` complex numbers, a power of two, in the order of
/// reversed bits. `cosines` and `sines` are those of the first half of a turn, clockwise.
void pixels_transform(float *real, float *imaginary, const float *cosines, const float *sines,
                      size_t length);

/// The lines of a transform that came in the order of reversed bits, times `length`.
void pixels_transform_back(float *real, float *imaginary, const float *cosines, const float *sines,
                           size_t length);
