#include "include/pixels.h"

#include "cpus.h"

FOR_EACH_CPU
void pixels_multiply(const float *a, const float *b, float *product, size_t rows, size_t inner,
                     size_t columns) {
  for (size_t row = 0; row < rows; row++, a += inner, product += columns) {
    for (size_t column = 0; column < columns; column++) product[column] = 0;
    for (size_t i = 0; i < inner; i++) {
      const float *line = b + i * columns;
      float factor = a[i];
      for (size_t column = 0; column < columns; column++) product[column] += factor * line[column];
    }
  }
}
