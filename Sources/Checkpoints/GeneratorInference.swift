import Tensors

/// Architectures read off the names and shapes of weights, for files without a description.
extension GeneratorDescription {
  /// Recognises a generator of the reference implementation.
  ///
  /// - Parameters:
  ///   - shapes: Shapes by the reference's keys, filters in its own layouts.
  ///   - file: The file, for the error.
  init(inferredFrom shapes: [String: Shape], file: String) throws(CheckpointError) {
    let description =
      shapes.keys.contains { $0.contains(".conv_block.") }
      ? Self.resnet(shapes) : Self.unet(shapes)
    guard let description else {
      let names = shapes.keys.sorted().prefix(3).joined(separator: ", ")
      throw CheckpointError(
        file: file, .notAGenerator("its tensors are called \(names.isEmpty ? "nothing" : names)"))
    }
    self = description
  }

  /// `model.1` is the first convolution, `model.10` the first block; the last layer that holds
  /// weights is the last convolution.
  private static func resnet(_ shapes: [String: Shape]) -> GeneratorDescription? {
    let indexes = shapes.keys.compactMap { key -> Int? in
      let parts = key.split(separator: ".")
      return parts.count > 2 && parts[0] == "model" ? Int(parts[1]) : nil
    }
    let blocks = Set(shapes.keys.compactMap { blockParts($0)?[1] })
    guard let last = indexes.max(), let first = filter("model.1.weight", shapes),
      let end = filter("model.\(last).weight", shapes)
    else { return nil }
    let reflects = shapes["model.10.conv_block.1.weight"]?.rank == 4
    let secondConvolution = shapes.keys.compactMap { key -> Int? in
      guard let parts = blockParts(key), parts[1] == "10", shapes[key]?.rank == 4 else {
        return nil
      }
      return Int(parts[3])
    }.max()
    return GeneratorDescription(
      kind: .resnet, blocks: blocks.count, filters: first[0], inputChannels: first[1],
      outputChannels: end[0], norm: shapes["model.2.weight"] == nil ? .instance : .batch,
      padding: reflects ? .reflect : .zero, upsampling: .transposed,
      dropout: secondConvolution == (reflects ? 6 : 4))
  }

  /// The parts of a key inside a block, such as `model.10.conv_block.1.weight`; nil for others.
  private static func blockParts(_ key: String) -> [Substring]? {
    let parts = key.split(separator: ".")
    return parts.count > 3 && parts[2] == "conv_block" ? parts : nil
  }

  /// Each level nests in the last as `model.1` (in the outermost) or `model.3`; its way down and
  /// its way up hold one filter each.
  private static func unet(_ shapes: [String: Shape]) -> GeneratorDescription? {
    guard let first = filter("model.model.0.weight", shapes),
      let end = filter("model.model.3.weight", shapes)
    else { return nil }
    let filters = shapes.filter { $0.value.rank == 4 }.count
    let hasBatchNorm = shapes.keys.contains { $0.hasSuffix(".running_mean") }
    return GeneratorDescription(
      kind: .unet, blocks: filters / 2, filters: first[0], inputChannels: first[1],
      outputChannels: end[1], norm: hasBatchNorm ? .batch : .instance, padding: .zero,
      upsampling: .transposed, dropout: false)
  }

  private static func filter(_ key: String, _ shapes: [String: Shape]) -> Shape? {
    shapes[key].flatMap { $0.rank == 4 ? $0 : nil }
  }
}
