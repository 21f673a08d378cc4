#pragma once

#include "cpus.h"

#include <stdint.h>

// Sixteen pixels of three channels: apart, and together again.

typedef uint8_t level_vector __attribute__((vector_size(16)));

typedef struct {
  level_vector red, green, blue;
} triples;

INLINED triples load_triples(const uint8_t *from) {
  level_vector a, b, c;
  memcpy(&a, from, 16);
  memcpy(&b, from + 16, 16);
  memcpy(&c, from + 32, 16);
  // First what lies in a and b, filled up with whatever, then what lies in c.
  level_vector red = __builtin_shufflevector(a, b, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0,
                                             0, 0);
  level_vector green = __builtin_shufflevector(a, b, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0,
                                               0, 0, 0);
  level_vector blue = __builtin_shufflevector(a, b, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0,
                                              0, 0);
  return (triples){
      __builtin_shufflevector(red, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29),
      __builtin_shufflevector(green, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30),
      __builtin_shufflevector(blue, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31),
  };
}

INLINED void store_triples(triples from, uint8_t *to) {
  // First red and green, then blue in its places.
  level_vector a = __builtin_shufflevector(from.red, from.green, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3,
                                           19, 0, 4, 20, 0, 5);
  level_vector b = __builtin_shufflevector(from.red, from.green, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24,
                                           0, 9, 25, 0, 10, 26);
  level_vector c = __builtin_shufflevector(from.red, from.green, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0,
                                           14, 30, 0, 15, 31, 0);
  a = __builtin_shufflevector(a, from.blue, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20,
                              15);
  b = __builtin_shufflevector(b, from.blue, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14,
                              15);
  c = __builtin_shufflevector(c, from.blue, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14,
                              31);
  memcpy(to, &a, 16);
  memcpy(to + 16, &b, 16);
  memcpy(to + 32, &c, 16);
}
