#pragma once

#include "image_codecs.h"

#include <stdbool.h>

// False when memory is short; the buffer is then as it was.
bool codec_buffer_reserve(codec_buffer *buffer, size_t extra);
bool codec_buffer_append(codec_buffer *buffer, const uint8_t *bytes, size_t count);
