#include "codec_buffer.h"

#include <zlib.h>

codec_status zlib_pack(const uint8_t *bytes, size_t count, codec_buffer *output) {
  uLongf packed = compressBound(count);
  if (!codec_buffer_reserve(output, packed)) return CODEC_OUT_OF_MEMORY;
  int status = compress2(output->bytes + output->count, &packed, bytes, count, 9);
  if (status != Z_OK) return status == Z_MEM_ERROR ? CODEC_OUT_OF_MEMORY : CODEC_INVALID;
  output->count += packed;
  return CODEC_OK;
}

// `window_bits` says which format the bytes are in, as zlib's manual has it.
static codec_status unpack(const uint8_t *bytes, size_t count, int window_bits, size_t limit,
                           codec_buffer *output) {
  z_stream stream = {.next_in = (Bytef *)bytes, .avail_in = (uInt)count};
  if (count > UINT32_MAX || inflateInit2(&stream, window_bits) != Z_OK) return CODEC_INVALID;
  int status = Z_OK;
  while (status == Z_OK && output->count <= limit) {
    enum { room = 1 << 16 };
    if (!codec_buffer_reserve(output, room)) {
      inflateEnd(&stream);
      return CODEC_OUT_OF_MEMORY;
    }
    stream.next_out = output->bytes + output->count;
    stream.avail_out = room;
    status = inflate(&stream, Z_NO_FLUSH);
    output->count += room - stream.avail_out;
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END && output->count <= limit ? CODEC_OK : CODEC_INVALID;
}

codec_status zlib_unpack(const uint8_t *bytes, size_t count, size_t limit, codec_buffer *output) {
  return unpack(bytes, count, MAX_WBITS, limit, output);
}

codec_status gzip_unpack(const uint8_t *bytes, size_t count, size_t limit, codec_buffer *output) {
  return unpack(bytes, count, MAX_WBITS + 16, limit, output);
}

uint32_t png_checksum(const uint8_t *bytes, size_t count) {
  return (uint32_t)crc32_z(0, bytes, count);
}
