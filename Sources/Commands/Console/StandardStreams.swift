import Glibc

/// What the process finds open when it starts.
enum StandardStreams {
  /// Makes sure that nothing but standard streams has their numbers, and that a file that grows too
  /// large is an error and no end.
  ///
  /// Were one of them closed, as some services have it, the next file that is opened would take its
  /// number, and what is said would be written into it.
  static func prepare() {
    // Opened the wrong way round, so that reading what is not there, and writing results nowhere,
    // still fails.
    for (number, flags) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
    ] where fcntl(number, F_GETFD) == -1 {
      _ = open("/dev/null", flags)
    }
    signal(SIGXFSZ, SIG_IGN)
  }
}
