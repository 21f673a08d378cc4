import ArgumentParser
import CycleGANKit
import Glibc

extension CycleGANCommand {
  /// Runs the subcommand that the program's arguments name, and ends the process.
  ///
  /// As the parser's own, but for what it says: a misspelled subcommand meets the one that was
  /// meant, and wrong usage that a command finds on its way meets that command's usage.
  public static func main() {
    StandardStreams.prepare()
    MemoryPool.onShortage.withLock { $0 = { endProcess(lacking: $0) } }
    var used: any ParsableCommand.Type = Self.self
    do {
      let arguments = joiningNegativeNumbers(Array(CommandLine.arguments.dropFirst()))
      try refuseUnknown(arguments)
      var command = try parseAsRoot(arguments)
      used = type(of: command)
      try command.run()
    } catch let error as UnknownSubcommand {
      let group = error.group.joined(separator: " ")
      refuse("\(error)\nUsage: \(group) <subcommand>", seeing: error.group)
    } catch let error as ValidationError {
      refuse(
        "\(error.message)\nUsage: \(usageString(for: used))", seeing: words(to: used) ?? [])
    } catch {
      exit(withError: error)
    }
  }

  /// Says that memory ran out, and ends the process at once: its other threads are still at work.
  private static func endProcess(lacking shortage: MemoryPool.Shortage) -> Never {
    Console.note(
      "Error: Out of memory: \((shortage.bytes >> 20) + 1) MiB more are needed beside "
        + "\(shortage.heldBytes >> 20) MiB in use. Train with a smaller --size, --batch or "
        + "--filters, translate with a smaller --max-memory, or raise the limit that is set for "
        + "this process.")
    _exit(ExitCode.failure.rawValue)
  }

  /// Says what is wrong with the command line, and ends the process.
  private static func refuse(_ problem: String, seeing command: [String]) -> Never {
    let help = (command + ["--help"]).joined(separator: " ")
    Console.note("Error: \(problem)\n  See '\(help)' for more information.")
    exit(withError: ExitCode.validationFailure)
  }

  /// Joins negative numbers to the options that they are meant for: `--steps=-5`.
  ///
  /// The parser takes `-5` for an option, and would say that `--steps` lacks a value. No option is
  /// named by a digit.
  static func joiningNegativeNumbers(_ arguments: [String]) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.count
    return arguments[..<end].reduce(into: [String]()) { words, word in
      if let option = words.last, option.hasPrefix("--"), !option.contains("="),
        word.wholeMatch(of: #/-\.?[0-9].*/#) != nil
      {
        words[words.count - 1] = "\(option)=\(word)"
      } else {
        words.append(word)
      }
    } + arguments[end...]
  }

  /// Refuses a first word, or a second one after a group such as `gan`, that is no subcommand.
  static func refuseUnknown(_ arguments: [String]) throws(UnknownSubcommand) {
    var group: any ParsableCommand.Type = Self.self
    for word in arguments {
      let known = group.configuration.subcommands
      guard !known.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
      guard let next = known.first(where: { $0.configuration.commandName == word }) else {
        throw UnknownSubcommand(
          word: word, group: words(to: group) ?? [],
          known: known.compactMap { $0.configuration.commandName })
      }
      group = next
    }
  }

  /// The words that call a command: `cyclegan gan train`.
  static func words(
    to command: any ParsableCommand.Type, from root: any ParsableCommand.Type = Self.self
  ) -> [String]? {
    let name = root.configuration.commandName ?? ""
    if root == command { return [name] }
    for next in root.configuration.subcommands {
      if let rest = words(to: command, from: next) { return [name] + rest }
    }
    return nil
  }
}

/// A word where a subcommand is expected that is none.
struct UnknownSubcommand: Error, Equatable, CustomStringConvertible {
  /// The word.
  let word: String
  /// The words before it: `cyclegan gan`.
  let group: [String]
  /// The subcommands that there are.
  let known: [String]

  var description: String {
    let remedy =
      known.nearest(to: word).map { "Did you mean '\($0)'?" }
      ?? "There are \(known.joined(separator: ", "))."
    return "\(group.joined(separator: " ")) has no subcommand '\(word)'. \(remedy)"
  }
}
