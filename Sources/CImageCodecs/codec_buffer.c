#include "codec_buffer.h"

#include <stdlib.h>
#include <string.h>

bool codec_buffer_reserve(codec_buffer *buffer, size_t extra) {
  if (extra > SIZE_MAX / 2 - buffer->count) return false;
  size_t needed = buffer->count + extra;
  if (needed <= buffer->capacity) return true;
  size_t capacity = needed + needed / 2 + 4096;
  uint8_t *bytes = realloc(buffer->bytes, capacity);
  if (!bytes) return false;
  buffer->bytes = bytes;
  buffer->capacity = capacity;
  return true;
}

bool codec_buffer_append(codec_buffer *buffer, const uint8_t *bytes, size_t count) {
  if (!codec_buffer_reserve(buffer, count)) return false;
  memcpy(buffer->bytes + buffer->count, bytes, count);
  buffer->count += count;
  return true;
}

void codec_buffer_free(codec_buffer *buffer) {
  free(buffer->bytes);
  *buffer = (codec_buffer){0};
}
