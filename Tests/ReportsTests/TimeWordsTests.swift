import Reports
import Testing

@Suite("Spans of time in words")
struct TimeWordsTests {
  @Test(
    "a span is spelt in at most two units",
    arguments: [
      (-3, "0 s"), (0.0001, "0 s"), (0.084, "84 ms"), (0.9997, "1.0 s"), (2.34, "2.3 s"),
      (9.97, "10 s"), (59.4, "59 s"),
      (59.7, "1 min"), (61, "1 min 1 s"), (599, "9 min 59 s"), (601, "10 min"), (3570, "1 h"),
      (3600, "1 h"), (7500, "2 h 5 min"), (86_399, "1 d"), (90_000, "1 d 1 h"),
      (.infinity, "unknown"), (.nan, "unknown"),
    ])
  func spelling(seconds: Double, words: String) {
    #expect(TimeWords.spell(seconds: seconds) == words)
  }

  @Test(
    "what people write is understood",
    arguments: [
      ("90s", 90), ("45min", 2700), ("45m", 2700), ("8h", 28800), ("1h30m", 5400),
      ("1.5h", 5400), ("2 d", 172_800), ("8H", 28800),
    ])
  func parsing(text: String, seconds: Double) {
    #expect(TimeWords.parse(text) == seconds)
  }

  @Test(
    "what is no span of time is refused",
    arguments: [
      "", "h", "8x", "-1h", "0", "0h", "1h2", "1..5h", "h8", "inf", "nan", "90", "1e9", "0.0001s",
      "4000d",
    ])
  func refusal(text: String) {
    #expect(TimeWords.parse(text) == nil)
  }
}
