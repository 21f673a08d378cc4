import Augmentation
import Foundation

extension OptionValue {
  /// Reads JSON: flags stay flags, and whole numbers keep their digits, up to 38.
  ///
  /// - Throws: `LabelError` where it is none.
  init(json bytes: [UInt8], file: String) throws(LabelError) {
    do {
      self.init(try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed))
    } catch {
      throw LabelError(file, "not JSON. Check brackets and commas.")
    }
  }

  private init(_ json: Any) {
    switch json {
    case let text as String: self = .text(text)
    case let list as [Any]: self = .list(list.map { OptionValue($0) })
    case let map as [String: Any]:
      self = .map(map.sorted { $0.key < $1.key }.map { Entry($0.key, OptionValue($0.value)) })
    // Last: to ask lists and maps for it copies them, level by level.
    case let number as NSNumber: self.init(number)
    default: self = .none
    }
  }

  private init(_ number: NSNumber) {
    if String(cString: number.objCType) == "c" {
      self = .flag(number.boolValue)
      return
    }
    // Of many digits; only its text is turned into the nearest `Double`.
    let decimal = (number as? NSDecimalNumber)?.stringValue
    let value = decimal.flatMap(Double.init) ?? number.doubleValue
    let digits = value.magnitude < 0x1p53 ? "" : number.stringValue
    let isLong = !digits.isEmpty && digits.allSatisfy { $0 == "-" || $0.isNumber }
    self = isLong ? .literal(digits) : .number(value)
  }
}
