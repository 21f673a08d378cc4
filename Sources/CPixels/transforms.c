#include "include/pixels.h"

#include "cpus.h"

typedef float line_vector __attribute__((vector_size(pixels_lines * sizeof(float))));

// Two numbers become their sum, and their difference turned; or, the other way, the second is turned
// back before they become their sum and their difference.
INLINED void butterfly(float *real, float *imaginary, size_t distance, float cosine, float sine,
                       int back) {
  line_vector a, b, c, d;
  memcpy(&a, real, sizeof a);
  memcpy(&b, imaginary, sizeof b);
  memcpy(&c, real + distance, sizeof c);
  memcpy(&d, imaginary + distance, sizeof d);
  line_vector x, y;
  if (back) {
    x = c * cosine + d * sine;
    y = d * cosine - c * sine;
    c = a - x;
    d = b - y;
    a += x;
    b += y;
  } else {
    x = a - c;
    y = b - d;
    a += c;
    b += d;
    c = x * cosine - y * sine;
    d = x * sine + y * cosine;
  }
  memcpy(real, &a, sizeof a);
  memcpy(imaginary, &b, sizeof b);
  memcpy(real + distance, &c, sizeof c);
  memcpy(imaginary + distance, &d, sizeof d);
}

INLINED void step(float *real, float *imaginary, const float *cosines, const float *sines,
                  size_t length, size_t half, int back) {
  size_t turn = length / 2 / half, distance = half * pixels_lines;
  for (size_t start = 0; start < length; start += 2 * half) {
    for (size_t i = 0; i < half; i++) {
      size_t place = (start + i) * pixels_lines;
      butterfly(real + place, imaginary + place, distance, cosines[i * turn], sines[i * turn], back);
    }
  }
}

FOR_EACH_CPU
void pixels_transform(float *real, float *imaginary, const float *cosines, const float *sines,
                      size_t length) {
  for (size_t half = length / 2; half > 0; half /= 2) {
    step(real, imaginary, cosines, sines, length, half, 0);
  }
}

FOR_EACH_CPU
void pixels_transform_back(float *real, float *imaginary, const float *cosines, const float *sines,
                           size_t length) {
  for (size_t half = 1; half < length; half *= 2) {
    step(real, imaginary, cosines, sines, length, half, 1);
  }
}
