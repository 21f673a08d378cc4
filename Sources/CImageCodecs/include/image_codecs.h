// The side of libpng and libjpeg that needs setjmp, and the inner loops of resampling.
//
// Readers and writers hold all their state; nothing here is global, prints or exits. What goes
// wrong comes back as a status and a message. Samples are 8-bit, or 16-bit in the machine's byte
// order where `deep` says so; rows from the top, channels interleaved: [height, width, channels].
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum codec_status {
  CODEC_OK = 0,
  CODEC_DAMAGED,       // a part of the picture is missing; the rest was delivered
  CODEC_INVALID,       // nothing can be recovered
  CODEC_UNSUPPORTED,   // a kind of file that the library does not know
  CODEC_OUT_OF_MEMORY, // the system has no more, or the library's limit was met
} codec_status;

// What the library said, ended by a zero.
typedef struct codec_message {
  char text[256];
} codec_message;

typedef struct codec_header {
  uint32_t width, height;
  uint32_t channels;       // of the decoded samples: 1 to 4 as in `Image`
  uint32_t bits_per_pixel; // before compression, as stored
  bool deep;               // whether samples are stored in more than 8 bits that can be read
} codec_header;

// Bytes that grow while a writer adds to them. Free with `codec_buffer_free`.
typedef struct codec_buffer {
  uint8_t *bytes;
  size_t count, capacity;
} codec_buffer;

void codec_buffer_free(codec_buffer *buffer);

// Reading: open, look at the header, read the samples into memory of the header's size, close.
// `bytes` stay the caller's and must live until the close. `*reader` is set to null on failure.

typedef struct png_reader png_reader;
codec_status png_reader_open(png_reader **reader, const uint8_t *bytes, size_t count,
                             codec_header *header, codec_message *message);
codec_status png_reader_read(png_reader *reader, bool deep, void *samples, codec_message *message);
// The EXIF block (a TIFF header and what follows), a part of `bytes`, or null.
const uint8_t *png_reader_exif(png_reader *reader, size_t *count);
void png_reader_close(png_reader *reader);

typedef struct jpeg_reader jpeg_reader;
codec_status jpeg_reader_open(jpeg_reader **reader, const uint8_t *bytes, size_t count,
                              codec_header *header, codec_message *message);
// Pictures of more than `scan_limit` scans are invalid: a small file may hold thousands.
codec_status jpeg_reader_read(jpeg_reader *reader, int scan_limit, uint8_t *samples,
                              codec_message *message);
const uint8_t *jpeg_reader_exif(jpeg_reader *reader, size_t *count);
void jpeg_reader_close(jpeg_reader *reader);

// Writing. The buffer must be zero at the start, and is the caller's to free whatever the status.

typedef struct codec_picture {
  const void *samples;
  uint32_t width, height, channels;
  bool deep;
} codec_picture;

// `level`: 0 (stored) to 9 (smallest).
codec_status png_write(codec_picture picture, int level, codec_buffer *output,
                       codec_message *message);

// How coarse a JPEG file is.
typedef struct jpeg_coarseness {
  int quality;            // 1 to 100; not used with `tables`
  const uint16_t *tables; // null, or for brightness and colour 64 divisors each, row by row
  int horizontal, vertical; // 1, 2 or 4: how many pixels share a colour sample
} jpeg_coarseness;

// Pictures of one or three channels of 8 bits. Optimized codes make files smaller and writing slower.
codec_status jpeg_write(codec_picture picture, jpeg_coarseness coarseness, bool optimizes_codes,
                        codec_buffer *output, codec_message *message);

// The parts of files that are neither pixels nor their compression.

// Appends `bytes` in zlib's format, or what they hold if they are in it. Unpacking ends in
// `CODEC_INVALID` above `limit` bytes.
codec_status zlib_pack(const uint8_t *bytes, size_t count, codec_buffer *output);
codec_status zlib_unpack(const uint8_t *bytes, size_t count, size_t limit, codec_buffer *output);

// Appends what a gzip file holds; as above.
codec_status gzip_unpack(const uint8_t *bytes, size_t count, size_t limit, codec_buffer *output);

// The check sum of a PNG chunk: of its type and its data.
uint32_t png_checksum(const uint8_t *bytes, size_t count);

// Resampling by weighted sums of neighbours, in fixed point.

// Output position i is the sum of `counts[i]` inputs from `starts[i]` on, weighted by
// `weights[i * stride ...]`, which are multiples of 2^-22. No sum of magnitudes exceeds 2.
typedef struct resample_taps {
  const int32_t *starts, *counts, *weights;
  size_t stride;
} resample_taps;

// Along rows: `source` [height, source_width, channels] to [height, width, channels].
// `scratch` holds `32 * (source_width + width) * channels` bytes.
void resample_rows(const uint8_t *source, size_t source_width, uint8_t *target, size_t width,
                   size_t height, size_t channels, resample_taps taps, uint8_t *scratch);

// Along columns: rows of `row` bytes become `height` such rows.
void resample_columns(const uint8_t *source, uint8_t *target, size_t row, size_t height,
                      resample_taps taps);
