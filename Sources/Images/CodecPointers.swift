import CImageCodecs

// One of this target's two unsafe rooms: the readers and writers of CImageCodecs.

/// The four functions of a reader in C.
struct CodecReader {
  private let open:
    (
      UnsafeMutablePointer<OpaquePointer?>, UnsafePointer<UInt8>, Int,
      UnsafeMutablePointer<codec_header>, UnsafeMutablePointer<codec_message>
    ) -> codec_status
  private let read:
    (
      OpaquePointer, _ pixels: Int, _ deep: Bool, UnsafeMutableRawPointer, inout codec_message
    ) -> codec_status
  private let exif: (OpaquePointer, inout Int) -> UnsafePointer<UInt8>?
  private let close: (OpaquePointer) -> Void

  static var png: CodecReader {
    CodecReader(
      open: { png_reader_open($0, $1, $2, $3, $4) },
      read: { png_reader_read($0, $2, $3, &$4) },
      exif: { png_reader_exif($0, &$1) }, close: { png_reader_close($0) })
  }

  static var jpeg: CodecReader {
    CodecReader(
      open: { jpeg_reader_open($0, $1, $2, $3, $4) },
      read: { reader, pixels, _, samples, message in
        let scans = Int32(DecodingLimits.scanLimit(pixels: pixels))
        return jpeg_reader_read(
          reader, scans, samples.assumingMemoryBound(to: UInt8.self), &message)
      },
      exif: { jpeg_reader_exif($0, &$1) }, close: { jpeg_reader_close($0) })
  }

  /// A picture as its file has it, not turned yet.
  struct Outcome {
    let pixels: Pixels
    let orientation: Orientation
    let damage: String?
  }

  /// Decodes bytes to a picture of 8-bit samples that stands upright.
  func decode(
    _ bytes: [UInt8], format: ImageFormat, name: String, limits: DecodingLimits
  ) throws(ImageError) -> RecoveredImage {
    let outcome = try decode(bytes, format: format, keepsDepth: false, name: name, limits: limits)
    guard case .bytes(let image) = outcome.pixels else {
      preconditionFailure("16-bit samples where 8-bit ones were asked for")
    }
    return RecoveredImage(image: image.applying(outcome.orientation), damage: outcome.damage)
  }

  /// Decodes bytes.
  ///
  /// - Parameter keepsDepth: Whether 16-bit samples stay such.
  func decode(
    _ bytes: [UInt8], format: ImageFormat, keepsDepth: Bool, name: String, limits: DecodingLimits
  ) throws(ImageError) -> Outcome {
    guard ImageFormat(signatureOf: bytes) == format else {
      throw ImageError(name, .invalid(detail: "no \(format) signature"))
    }
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<Outcome, ImageError> in
      do throws(ImageError) {
        return .success(
          try decode(buffer, format: format, keepsDepth: keepsDepth, name: name, limits: limits))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, format: ImageFormat, keepsDepth: Bool, name: String,
    limits: DecodingLimits
  ) throws(ImageError) -> Outcome {
    var opened: OpaquePointer?
    var header = codec_header()
    var message = codec_message()
    let status = open(&opened, bytes.baseAddress!, bytes.count, &header, &message)
    guard status == CODEC_OK, let reader = opened else { throw error(name, status, message) }
    defer { close(reader) }

    try limits.check(
      width: Int(header.width), height: Int(header.height),
      bitsPerPixel: Int(header.bits_per_pixel), format: format, bytes: bytes.count, name: name)
    let pixels: Pixels
    var outcome = CODEC_OK
    if keepsDepth, header.deep {
      pixels = .words(
        DeepImage(header) { outcome = read(reader, header.pixels, true, $0, &message) })
    } else {
      pixels = .bytes(Image(header) { outcome = read(reader, header.pixels, false, $0, &message) })
    }
    guard outcome == CODEC_OK || outcome == CODEC_DAMAGED else {
      throw error(name, outcome, message)
    }
    return Outcome(
      pixels: pixels, orientation: Orientation(exif: exifBlock(of: reader)) ?? .upright,
      damage: outcome == CODEC_OK ? nil : text(of: message))
  }

  private func exifBlock(of reader: OpaquePointer) -> [UInt8] {
    var count = 0
    guard let block = exif(reader, &count) else { return [] }
    return Array(UnsafeBufferPointer(start: block, count: count))
  }
}

extension codec_header {
  fileprivate var pixels: Int { Int(width) * Int(height) }
}

extension Image {
  fileprivate init(_ header: codec_header, reading read: (UnsafeMutableRawPointer) -> Void) {
    let count = header.pixels * Int(header.channels)
    self.init(
      width: Int(header.width), height: Int(header.height), channels: Int(header.channels),
      samples: [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        read(buffer.baseAddress!)
        filled = count
      })
  }
}

extension DeepImage {
  fileprivate init(_ header: codec_header, reading read: (UnsafeMutableRawPointer) -> Void) {
    let count = header.pixels * Int(header.channels)
    self.init(
      width: Int(header.width), height: Int(header.height), channels: Int(header.channels),
      samples: [UInt16](unsafeUninitializedCapacity: count) { buffer, filled in
        read(buffer.baseAddress!)
        filled = count
      })
  }
}

/// Compresses a picture as PNG.
func encodePNG(_ pixels: Pixels, level: Int, name: String) throws(ImageError) -> [UInt8] {
  try encode(pixels, name: name) { png_write($0, Int32(level), &$1, &$2) }
}

/// Compresses a picture of one or three channels as JPEG.
func encodeJPEG(
  _ image: Image, _ coarseness: JPEG.Coarseness, optimizesCodes: Bool, name: String
) throws(ImageError) -> [UInt8] {
  let (horizontal, vertical) = coarseness.subsampling.factors
  var call = jpeg_coarseness(quality: 0, tables: nil, horizontal: horizontal, vertical: vertical)
  switch coarseness.divisors {
  case .quality(let quality):
    call.quality = Int32(quality)
    return try encode(.bytes(image), name: name) {
      jpeg_write($0, call, optimizesCodes, &$1, &$2)
    }
  case .tables(let brightness, let color):
    precondition(
      brightness.count == 64 && color.count == 64,
      "tables of \(brightness.count) and \(color.count) divisors")
    let tables = brightness + color
    return try encode(.bytes(image), name: name) { picture, output, message in
      tables.withUnsafeBufferPointer {
        call.tables = $0.baseAddress
        return jpeg_write(picture, call, optimizesCodes, &output, &message)
      }
    }
  }
}

private func encode(
  _ pixels: Pixels, name: String,
  _ write: (codec_picture, inout codec_buffer, inout codec_message) -> codec_status
) throws(ImageError) -> [UInt8] {
  guard pixels.width < 1 << 31, pixels.height < 1 << 31 else {
    throw ImageError(name, .unsupported(detail: "sides of \(pixels.width) and \(pixels.height)"))
  }
  var output = codec_buffer()
  defer { codec_buffer_free(&output) }
  var message = codec_message()
  func attempt(_ samples: UnsafeRawPointer?, deep: Bool) -> codec_status {
    let picture = codec_picture(
      samples: samples, width: UInt32(pixels.width), height: UInt32(pixels.height),
      channels: UInt32(pixels.channels), deep: deep)
    return write(picture, &output, &message)
  }
  let status =
    switch pixels {
    case .bytes(let image):
      image.samples.withUnsafeBytes { attempt($0.baseAddress, deep: false) }
    case .words(let image): image.samples.withUnsafeBytes { attempt($0.baseAddress, deep: true) }
    }
  guard status == CODEC_OK else { throw error(name, status, message) }
  return Array(UnsafeBufferPointer(start: output.bytes, count: output.count))
}

/// Bytes in zlib's format.
func zlibPacked(_ bytes: [UInt8]) -> [UInt8]? {
  throughZlib { zlib_pack(bytes, bytes.count, &$0) }
}

/// What bytes in zlib's format hold; nil if they are not, or hold more than `limit` bytes.
func zlibUnpacked(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
  throughZlib { zlib_unpack(bytes, bytes.count, limit, &$0) }
}

/// What a gzip file holds; nil if it is damaged or holds more than `limit` bytes.
package func gzipUnpacked(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
  throughZlib { gzip_unpack(bytes, bytes.count, limit, &$0) }
}

private func throughZlib(_ body: (inout codec_buffer) -> codec_status) -> [UInt8]? {
  var output = codec_buffer()
  defer { codec_buffer_free(&output) }
  guard body(&output) == CODEC_OK else { return nil }
  return Array(UnsafeBufferPointer(start: output.bytes, count: output.count))
}

/// The check sum of a PNG chunk: of its type and its data.
func pngChecksum(_ bytes: [UInt8]) -> UInt32 { png_checksum(bytes, bytes.count) }

private func error(_ name: String, _ status: codec_status, _ message: codec_message) -> ImageError {
  switch status {
  case CODEC_UNSUPPORTED: ImageError(name, .unsupported(detail: text(of: message)))
  case CODEC_OUT_OF_MEMORY: ImageError(name, .outOfMemory)
  default: ImageError(name, .invalid(detail: text(of: message)))
  }
}

private func text(of message: codec_message) -> String {
  withUnsafeBytes(of: message.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
