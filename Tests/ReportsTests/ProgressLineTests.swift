import Reports
import Testing

/// Time and screen of a test.
private final class Desk {
  var now = 0.0
  var shown = ""

  func line(_ style: ProgressLine.Style, total: Int = 100, done: Int = 0) -> ProgressLine {
    ProgressLine(
      total: total, unit: "pictures", done: done, style: style, clock: { self.now },
      write: { self.shown += $0 })
  }

  /// What a terminal would show: each carriage return starts the line again.
  var screen: String {
    shown.replacing("\u{1B}[K", with: "").split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.split(separator: "\r", omittingEmptySubsequences: false).last ?? "" }
      .joined(separator: "\n")
  }
}

@Suite("Progress")
struct ProgressLineTests {
  @Test(
    "the line fits the width and drops the least important first",
    arguments: [
      (
        100,
        "━━━━━━━━━━━━━━────────────────  48 %  48/100 pictures  13 s left  4.0 pictures/s  mild"
      ),
      (70, "━━━━━━───────  48 %  48/100 pictures  13 s left  4.0 pictures/s  mild"),
      (55, "48 %  48/100 pictures  13 s left  4.0 pictures/s  mild"),
      (54, "48 %  48/100 pictures  13 s left  4.0 pictures/s"),
      (30, "48 %  48/100 pictures"),
      (6, "48 %"),
      (2, ""),
    ])
  func fits(width: Int, expected: String) {
    let desk = Desk()
    let line = desk.line(.rewritten { width })
    desk.now = 12
    line.update(done: 48, detail: "mild")
    #expect(desk.screen == expected)
    #expect(desk.screen.count < max(width, 1))
  }

  @Test("it is not drawn more than ten times a second, but the end always is")
  func calm() {
    let desk = Desk()
    let line = desk.line(.rewritten { 40 })
    for done in 1...99 {
      desk.now = 0.001 * Double(done)
      line.update(done: done)
    }
    #expect(desk.screen.contains("1/100"))
    line.update(done: 100)
    #expect(desk.screen.contains("100/100"))
  }

  @Test("the rate is that of the last half minute")
  func rate() {
    let desk = Desk()
    let line = desk.line(.hidden, total: 10_000)
    for second in 1...100 {
      desk.now = Double(second)
      line.update(done: 10 * second)
    }
    for second in 101...150 {
      desk.now = Double(second)
      line.update(done: 1000 + (second - 100))
    }
    #expect(line.rate == 1)
    #expect(line.secondsLeft == 8950)
    #expect(desk.shown.isEmpty)
  }

  @Test("items of an earlier run do not count for the rate")
  func resumed() {
    let desk = Desk()
    let line = desk.line(.hidden, done: 90)
    desk.now = 10
    line.update(done: 95)
    #expect(line.rate == 0.5)
    #expect(line.secondsLeft == 10)
  }

  @Test("elsewhere there is a plain line now and then, and one at the end")
  func plain() {
    let desk = Desk()
    let line = desk.line(.plain(every: 30))
    for second in 1...50 {
      desk.now = Double(second)
      line.update(done: second)
    }
    line.finish()
    #expect(
      desk.shown == """
        30 %  30/100 pictures  1 min 10 s left  1.0 pictures/s
        50 %  50/100 pictures  50 s left  1.0 pictures/s

        """)
  }

  @Test("a plain line that was just written is not written again at the end")
  func plainOnce() {
    let desk = Desk()
    let line = desk.line(.plain(every: 30))
    desk.now = 40
    line.update(done: 100)
    line.finish()
    #expect(desk.shown == "100 %  100/100 pictures  2.5 pictures/s\n")
  }

  @Test("a message stands above the line, which comes again below it")
  func message() {
    let desk = Desk()
    let line = desk.line(.rewritten { 25 })
    line.update(done: 1)
    line.message("bad.png is cut off")
    #expect(desk.screen == "bad.png is cut off\n1 %  1/100 pictures")
    line.finish()
    #expect(desk.screen == "bad.png is cut off\n")
  }
}
