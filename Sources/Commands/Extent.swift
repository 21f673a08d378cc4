/// A size on the command line: `256`, or `320x200`.
enum Extent: ExplainedArgument, Equatable {
  static let rule = "pixels from 1 to 65500, as in 256 or 320x200"

  /// One number.
  case square(Int)
  /// Width and height.
  case exact(width: Int, height: Int)

  init?(argument: String) {
    let parts = argument.split(omittingEmptySubsequences: false) { $0 == "x" || $0 == "×" }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, numbers.allSatisfy({ (1...65_500).contains($0) }) else {
      return nil
    }
    switch numbers.count {
    case 1: self = .square(numbers[0])
    case 2: self = .exact(width: numbers[0], height: numbers[1])
    default: return nil
    }
  }

  var width: Int {
    switch self {
    case .square(let side): side
    case .exact(let width, _): width
    }
  }

  var height: Int {
    switch self {
    case .square(let side): side
    case .exact(_, let height): height
    }
  }
}
