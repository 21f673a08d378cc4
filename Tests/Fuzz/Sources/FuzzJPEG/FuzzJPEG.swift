import Fuzzing

/// Fuzzes the JPEG decoders, libjpeg's and the lossless one.
@main
struct FuzzJPEG {
  static func main() {
    Fuzzer.run { start, count in
      PictureFuzzing.decode(Array(UnsafeBufferPointer(start: start, count: count)))
      return 0
    }
  }
}
