/// The usual ways to write each digit.
enum DigitForms {
  /// The forms of a digit, each a list of strokes.
  static func of(_ digit: Int) -> [[PenStroke]] { all[digit] }

  private static let all = [zero, one, two, three, four, five, six, seven, eight, nine]

  private static let zero: [[PenStroke]] = [
    [
      .loop(
        Point(0.02, -0.5), Point(-0.2, -0.36), Point(-0.28, 0), Point(-0.2, 0.36), Point(0, 0.5),
        Point(0.2, 0.36), Point(0.28, 0), Point(0.2, -0.36))
    ],
    [
      .curve(
        Point(0.08, -0.48), Point(-0.16, -0.4), Point(-0.29, -0.06), Point(-0.22, 0.34),
        Point(-0.02, 0.5), Point(0.2, 0.36), Point(0.29, 0.02), Point(0.22, -0.32),
        Point(0.04, -0.48), Point(-0.08, -0.42))
    ],
  ]

  private static let one: [[PenStroke]] = [
    [.line(Point(0, -0.5), Point(0, 0.5))],
    [.line(Point(-0.18, -0.27), Point(0.04, -0.5), Point(0.04, 0.5))],
    [
      .line(Point(-0.16, -0.3), Point(0.02, -0.5), Point(0.02, 0.5)),
      .line(Point(-0.18, 0.5), Point(0.2, 0.5)),
    ],
  ]

  private static let two: [[PenStroke]] = [
    [
      .curve(
        Point(-0.26, -0.27), Point(-0.15, -0.45), Point(0.05, -0.5), Point(0.23, -0.38),
        Point(0.23, -0.16), Point(0.04, 0.13), Point(-0.28, 0.5)
      ).then(.line(Point(-0.28, 0.5), Point(0.29, 0.5)))
    ],
    [
      .curve(
        Point(-0.25, -0.3), Point(-0.1, -0.49), Point(0.13, -0.46), Point(0.23, -0.27),
        Point(0.14, 0.02), Point(-0.08, 0.36), Point(-0.24, 0.5), Point(-0.31, 0.38),
        Point(-0.18, 0.31), Point(0.02, 0.43), Point(0.18, 0.49), Point(0.31, 0.4))
    ],
  ]

  private static let three: [[PenStroke]] = [
    [
      .curve(
        Point(-0.24, -0.36), Point(-0.07, -0.5), Point(0.16, -0.45), Point(0.22, -0.26),
        Point(0.11, -0.08), Point(-0.08, -0.03)
      ).then(
        .curve(
          Point(-0.08, -0.03), Point(0.16, 0.03), Point(0.27, 0.22), Point(0.18, 0.42),
          Point(-0.04, 0.5), Point(-0.27, 0.37)))
    ],
    [
      PenStroke.line(Point(-0.24, -0.48), Point(0.22, -0.48), Point(-0.04, -0.08)).then(
        .curve(
          Point(-0.04, -0.08), Point(0.19, -0.02), Point(0.27, 0.2), Point(0.17, 0.42),
          Point(-0.05, 0.5), Point(-0.27, 0.38)))
    ],
  ]

  private static let four: [[PenStroke]] = [
    [
      .line(Point(0.12, 0.5), Point(0.12, -0.5), Point(-0.3, 0.17), Point(0.3, 0.17))
    ],
    [
      .line(Point(-0.2, -0.48), Point(-0.25, 0.06), Point(0.27, 0.06)),
      .line(Point(0.17, -0.42), Point(0.13, 0.5)),
    ],
  ]

  private static let five: [[PenStroke]] = [
    [
      PenStroke.line(Point(0.25, -0.49), Point(-0.18, -0.49), Point(-0.22, -0.06)).then(
        .curve(
          Point(-0.22, -0.06), Point(-0.02, -0.14), Point(0.19, -0.06), Point(0.27, 0.16),
          Point(0.17, 0.41), Point(-0.05, 0.5), Point(-0.27, 0.4)))
    ],
    [
      PenStroke.line(Point(-0.16, -0.46), Point(-0.2, -0.08)).then(
        .curve(
          Point(-0.2, -0.08), Point(0.03, -0.14), Point(0.22, 0), Point(0.25, 0.22),
          Point(0.12, 0.45), Point(-0.08, 0.49), Point(-0.25, 0.38))),
      .line(Point(-0.16, -0.46), Point(0.26, -0.5)),
    ],
  ]

  private static let six: [[PenStroke]] = [
    [
      .curve(
        Point(0.18, -0.49), Point(-0.05, -0.35), Point(-0.22, -0.06), Point(-0.26, 0.22),
        Point(-0.15, 0.44), Point(0.04, 0.5), Point(0.22, 0.39), Point(0.25, 0.18),
        Point(0.1, 0.03), Point(-0.09, 0.06), Point(-0.24, 0.24))
    ],
    [
      .curve(
        Point(0.02, -0.5), Point(-0.13, -0.25), Point(-0.22, 0.08), Point(-0.18, 0.38),
        Point(0.02, 0.5), Point(0.2, 0.4), Point(0.21, 0.2), Point(0.05, 0.08),
        Point(-0.12, 0.16), Point(-0.19, 0.3))
    ],
  ]

  private static let seven: [[PenStroke]] = [
    [.line(Point(-0.3, -0.48), Point(0.28, -0.48), Point(-0.06, 0.5))],
    [
      .line(Point(-0.3, -0.46), Point(0.28, -0.48), Point(-0.08, 0.5)),
      .line(Point(-0.16, 0.03), Point(0.23, 0)),
    ],
    [
      PenStroke.line(Point(-0.3, -0.44), Point(0.28, -0.48)).then(
        .curve(Point(0.28, -0.48), Point(0.12, -0.2), Point(0.02, 0.12), Point(-0.02, 0.5)))
    ],
  ]

  private static let eight: [[PenStroke]] = [
    [
      .loop(
        Point(0, -0.03), Point(-0.19, -0.2), Point(-0.17, -0.41), Point(0.03, -0.5),
        Point(0.2, -0.4), Point(0.19, -0.19), Point(0, -0.03), Point(-0.2, 0.13),
        Point(-0.26, 0.33), Point(-0.11, 0.5), Point(0.12, 0.5), Point(0.26, 0.32),
        Point(0.2, 0.12))
    ],
    [
      .loop(
        Point(0, -0.5), Point(-0.18, -0.41), Point(-0.19, -0.15), Point(0, -0.04),
        Point(0.19, -0.15), Point(0.18, -0.41)),
      .loop(
        Point(0, -0.04), Point(-0.23, 0.1), Point(-0.22, 0.38), Point(0, 0.5),
        Point(0.22, 0.38), Point(0.23, 0.1)),
    ],
  ]

  private static let nine: [[PenStroke]] = [
    [
      PenStroke.curve(
        Point(0.23, -0.3), Point(0.1, -0.48), Point(-0.1, -0.49), Point(-0.24, -0.32),
        Point(-0.21, -0.11), Point(-0.04, -0.02), Point(0.14, -0.11), Point(0.23, -0.3)
      ).then(.curve(Point(0.23, -0.3), Point(0.24, -0.02), Point(0.2, 0.24), Point(0.12, 0.5)))
    ],
    [
      PenStroke.curve(
        Point(0.21, -0.36), Point(0.04, -0.5), Point(-0.16, -0.43), Point(-0.24, -0.24),
        Point(-0.13, -0.05), Point(0.07, -0.06), Point(0.2, -0.2), Point(0.21, -0.36)
      ).then(
        .curve(
          Point(0.21, -0.36), Point(0.24, -0.02), Point(0.19, 0.28), Point(0.03, 0.48),
          Point(-0.2, 0.44)))
    ],
  ]
}
