import Training

/// How a job of many items goes, for a person to read.
///
/// On a terminal it is one line, rewritten in place and as wide as the terminal:
///
///     ━━━━━━━━━───────────── 38 %  384/1000 pictures  4.1 pictures/s  2 min 30 s left
///
/// Elsewhere it is a plain line every half minute. What the job has to say on the way goes through
/// `message`, so that the two do not mix. Not safe to use from several threads at once.
public final class ProgressLine {
  /// How the line is shown.
  public enum Style: Sendable {
    /// Rewritten in place, up to ten times a second.
    case rewritten(width: @Sendable () -> Int)
    /// A new line every so many seconds.
    case plain(every: Double)
    /// Not at all; messages still are.
    case hidden
  }

  private let total: Int
  private let unit: String
  private let style: Style
  private let clock: () -> Double
  private let write: (String) -> Void

  private var done: Int
  private var detail = ""
  private var meter = RateMeter()
  private var lastShown: Double
  private var lastPlain = ""
  private var isOnScreen = false

  /// Creates a line for standard error.
  ///
  /// - Parameters:
  ///   - total: Items in all; 0 if nobody knows.
  ///   - unit: What an item is called, in the plural: `pictures`.
  ///   - done: Items that were done before, by an earlier run.
  ///   - isQuiet: Whether only messages are wanted.
  public convenience init(total: Int, unit: String, done: Int = 0, isQuiet: Bool = false) {
    let terminal = Terminal.standardError
    let style: Style =
      isQuiet
      ? .hidden
      : terminal.isTerminal ? .rewritten { terminal.width } : .plain(every: 30)
    self.init(
      total: total, unit: unit, done: done, style: style, clock: MonotonicClock.seconds,
      write: terminal.write)
  }

  /// Creates a line with a clock and an outlet of its own.
  ///
  /// - Parameters:
  ///   - total: Items in all; 0 if nobody knows.
  ///   - unit: What an item is called, in the plural.
  ///   - done: Items that were done before, by an earlier run.
  ///   - style: How the line is shown.
  ///   - clock: Seconds since any moment, never less than before.
  ///   - write: Takes text as it is to be shown.
  public init(
    total: Int, unit: String, done: Int = 0, style: Style, clock: @escaping () -> Double,
    write: @escaping (String) -> Void
  ) {
    self.total = total
    self.unit = unit
    self.style = style
    self.clock = clock
    self.write = write
    self.done = done
    lastShown = clock()
    meter.note(done, at: lastShown)
  }

  /// Says that `done` items are done in all, and what else there is to know.
  public func update(done: Int, detail: String = "") {
    self.done = done
    self.detail = detail
    let now = clock()
    meter.note(done, at: now)
    switch style {
    case .hidden: break
    case .rewritten(let width):
      guard !isOnScreen || now - lastShown >= 0.1 || done == total else { return }
      lastShown = now
      rewrite(width())
    case .plain(let seconds):
      guard now - lastShown >= seconds else { return }
      lastShown = now
      writePlain()
    }
  }

  /// Shows a line of its own, above the progress.
  public func message(_ line: String) {
    clear()
    write(line + "\n")
    if case .rewritten(let width) = style, done > 0 { rewrite(width()) }
  }

  /// Takes the line away; a plain one is shown a last time.
  public func finish() {
    clear()
    if case .plain = style, done > 0 { writePlain() }
  }

  /// Items a second lately; nil before there is anything to go by.
  public var rate: Double? { meter.rate }

  /// Seconds left at the present rate.
  public var secondsLeft: Double? { meter.rate.map { Double(max(total - done, 0)) / $0 } }
}

// MARK: - What it looks like

extension ProgressLine {
  private var percent: Int { total > 0 ? min(100 * done / total, 100) : 100 }

  /// The parts of the line, the most important first.
  private var parts: [String] {
    var parts = total > 0 ? ["\(percent) %", "\(done)/\(total) \(unit)"] : ["\(done) \(unit)"]
    if let secondsLeft, done < total {
      parts.append("\(TimeWords.spell(seconds: secondsLeft)) left")
    }
    if let rate { parts.append("\(Self.spell(rate: rate)) \(unit)/s") }
    if !detail.isEmpty { parts.append(detail) }
    return parts
  }

  private var text: String { parts.joined(separator: "  ") }

  /// Shows as many parts as fit, then a bar in what is left.
  private func rewrite(_ width: Int) {
    var line = ""
    for part in parts {
      let longer = line.isEmpty ? part : line + "  " + part
      // The last column stays free: some terminals break the line there.
      guard longer.count < width else { break }
      line = longer
    }
    let room = min(width - 1 - line.count - 2, 30)
    if room >= 8 { line = bar(room) + "  " + line }
    write("\r\u{1B}[K" + line)
    isOnScreen = true
  }

  private func bar(_ columns: Int) -> String {
    let filled = total > 0 ? min(columns * done / total, columns) : columns
    return String(repeating: "━", count: filled) + String(repeating: "─", count: columns - filled)
  }

  /// Says how it goes, where that was not the last thing to be said.
  private func writePlain() {
    guard text != lastPlain else { return }
    lastPlain = text
    write(text + "\n")
  }

  private func clear() {
    guard isOnScreen else { return }
    write("\r\u{1B}[K")
    isOnScreen = false
  }

  /// Two or three figures: `0.23`, `4.1`, `128`.
  private static func spell(rate: Double) -> String {
    Numbers.decimal(rate, digits: rate < 0.995 ? 2 : rate < 99.5 ? 1 : 0)
  }
}
