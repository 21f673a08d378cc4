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
    (OpaquePointer, _ pixels: Int, UnsafeMutablePointer<UInt8>, inout codec_message) -> codec_status
  private let exif: (OpaquePointer, inout Int) -> UnsafePointer<UInt8>?
  private let close: (OpaquePointer) -> Void

  static var png: CodecReader {
    CodecReader(
      open: { png_reader_open($0, $1, $2, $3, $4) },
      read: { png_reader_read($0, $2, &$3) },
      exif: { png_reader_exif($0, &$1) }, close: { png_reader_close($0) })
  }

  static var jpeg: CodecReader {
    CodecReader(
      open: { jpeg_reader_open($0, $1, $2, $3, $4) },
      read: { jpeg_reader_read($0, Int32(DecodingLimits.scanLimit(pixels: $1)), $2, &$3) },
      exif: { jpeg_reader_exif($0, &$1) }, close: { jpeg_reader_close($0) })
  }

  /// Decodes bytes to a picture that stands upright.
  func decode(
    _ bytes: [UInt8], format: ImageFormat, name: String, limits: DecodingLimits
  ) throws(ImageError) -> RecoveredImage {
    guard ImageFormat(signatureOf: bytes) == format else {
      throw ImageError(name, .invalid(detail: "no \(format) signature"))
    }
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<RecoveredImage, ImageError> in
      do throws(ImageError) {
        return .success(try decode(buffer, format: format, name: name, limits: limits))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, format: ImageFormat, name: String, limits: DecodingLimits
  ) throws(ImageError) -> RecoveredImage {
    var opened: OpaquePointer?
    var header = codec_header()
    var message = codec_message()
    let status = open(&opened, bytes.baseAddress!, bytes.count, &header, &message)
    guard status == CODEC_OK, let reader = opened else { throw error(name, status, message) }
    defer { close(reader) }

    let width = Int(header.width), height = Int(header.height), channels = Int(header.channels)
    try limits.check(
      width: width, height: height, bitsPerPixel: Int(header.bits_per_pixel), format: format,
      bytes: bytes.count, name: name)
    let count = width * height * channels
    var outcome = CODEC_OK
    let samples = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      outcome = read(reader, width * height, buffer.baseAddress!, &message)
      filled = count
    }
    guard outcome == CODEC_OK || outcome == CODEC_DAMAGED else {
      throw error(name, outcome, message)
    }
    let image = Image(width: width, height: height, channels: channels, samples: samples)
    let orientation = Orientation(exif: exifBlock(of: reader)) ?? .upright
    return RecoveredImage(
      image: image.applying(orientation), damage: outcome == CODEC_OK ? nil : text(of: message))
  }

  private func exifBlock(of reader: OpaquePointer) -> [UInt8] {
    var count = 0
    guard let block = exif(reader, &count) else { return [] }
    return Array(UnsafeBufferPointer(start: block, count: count))
  }
}

/// Compresses a picture as PNG.
func encodePNG(_ image: Image, level: Int, name: String) throws(ImageError) -> [UInt8] {
  try encode(image, name: name) { png_write($0, Int32(level), &$1, &$2) }
}

/// Compresses a picture of one or three channels as JPEG.
func encodeJPEG(
  _ image: Image, quality: Int, subsampling: JPEG.Subsampling, name: String
) throws(ImageError) -> [UInt8] {
  let (horizontal, vertical) = subsampling.factors
  return try encode(image, name: name) {
    jpeg_write($0, Int32(quality), horizontal, vertical, &$1, &$2)
  }
}

private func encode(
  _ image: Image, name: String,
  _ write: (codec_picture, inout codec_buffer, inout codec_message) -> codec_status
) throws(ImageError) -> [UInt8] {
  guard image.width < 1 << 31, image.height < 1 << 31 else {
    throw ImageError(name, .unsupported(detail: "sides of \(image.width) and \(image.height)"))
  }
  var output = codec_buffer()
  defer { codec_buffer_free(&output) }
  var message = codec_message()
  let status = image.samples.withUnsafeBufferPointer { samples in
    let picture = codec_picture(
      samples: samples.baseAddress, width: UInt32(image.width), height: UInt32(image.height),
      channels: UInt32(image.channels))
    return write(picture, &output, &message)
  }
  guard status == CODEC_OK else { throw error(name, status, message) }
  return Array(UnsafeBufferPointer(start: output.bytes, count: output.count))
}

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
