#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The most memory that this process has held at once.
enum PeakMemory {
  /// Bytes of resident memory; nil where the system does not tell.
  static var bytes: Int? {
    var usage = rusage()
    #if canImport(Glibc)
      guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return nil }
      return usage.ru_maxrss * 1024
    #else
      guard getrusage(RUSAGE_SELF, &usage) == 0 else { return nil }
      return usage.ru_maxrss
    #endif
  }
}
