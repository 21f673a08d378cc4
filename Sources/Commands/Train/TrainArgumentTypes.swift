import ArgumentParser
import CycleGANKit

/// A span of time on the command line: `8h`, `45min`.
struct TimeArgument: ExplainedArgument {
  static let rule = "a number with its unit, or several, as in 90s, 45min, 8h or 1h30m"

  let seconds: Double

  init?(argument: String) {
    guard let seconds = TimeWords.parse(argument) else { return nil }
    self.seconds = seconds
  }
}

/// How often, on the command line: a span of time, or a number of steps.
struct CadenceArgument: ExplainedArgument {
  static let rule = "a number of steps, or a time, as in 500 or 5min"

  let cadence: Cadence

  init?(argument: String) {
    if let steps = Int(argument) {
      guard steps > 0 else { return nil }
      cadence = .steps(steps)
    } else {
      guard let seconds = TimeWords.parse(argument) else { return nil }
      cadence = .seconds(seconds)
    }
  }
}

/// A generator on the command line: `resnet9`, `unet256`.
struct GeneratorArgument: ExplainedArgument {
  static let rule = "resnet with a number of blocks, unet128 or unet256"

  let kind: GeneratorDescription.Kind
  let blocks: Int

  init?(argument: String) {
    if argument.hasPrefix("resnet"), let blocks = Int(argument.dropFirst(6)), blocks > 0 {
      (kind, self.blocks) = (.resnet, blocks)
    } else if let halvings = ["unet128": 7, "unet256": 8][argument] {
      (kind, blocks) = (.unet, halvings)
    } else {
      return nil
    }
  }
}

/// Two names on the command line: `summer,winter`.
struct DomainNamesArgument: ExplainedArgument {
  static let rule = "two different names with a comma between them, as in summer,winter"

  let a: String
  let b: String

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.drop { $0 == " " }
    }
    guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty, names[0] != names[1] else {
      return nil
    }
    (a, b) = (String(names[0]), String(names[1]))
  }
}
