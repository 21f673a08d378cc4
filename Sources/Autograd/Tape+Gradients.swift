import ConvolutionCore
import Tensors

extension Tape {
  /// Gradients of a scalar.
  ///
  /// Without `recording`, each operation is forgotten as soon as the walk has passed it, so a part
  /// of the tape can be walked once.
  ///
  /// - Parameters:
  ///   - y: A variable with one element.
  ///   - targets: Variables of this tape.
  ///   - recording: Whether the gradients are to be variables that have gradients themselves.
  /// - Returns: One gradient per target, of its shape; nil where `y` does not depend on it.
  public func gradients(
    of y: Variable, withRespectTo targets: [Variable], recording: Bool = false
  ) -> [Variable?] {
    precondition(y.value.count == 1, "the gradient of \(y.shape), which is no scalar")
    let found = gradients(of: y, targets: targets.compactMap(\.node), recording: recording)
    return targets.map { target in target.node.flatMap { found[ObjectIdentifier($0)] } }
  }

  /// Gradients of a scalar with respect to objects put on the tape by `variable(of:_:)`.
  ///
  /// - Returns: One gradient per owner; nil where `y` does not depend on it.
  public func gradients(of y: Variable, withRespectTo owners: [AnyObject]) -> [Tensor?] {
    precondition(y.value.count == 1, "the gradient of \(y.shape), which is no scalar")
    let nodes = owners.map { leafNode(of: $0) }
    let found = gradients(of: y, targets: nodes.compactMap { $0 }, recording: false)
    return nodes.map { node in node.flatMap { found[ObjectIdentifier($0)]?.value } }
  }

  private func gradients(of y: Variable, targets: [Node], recording: Bool) -> Gradients {
    guard let root = y.node else { return [:] }
    let recordedBefore = isRecording
    isRecording = recording
    defer { isRecording = recordedBefore }

    let kept = Set(targets.map { ObjectIdentifier($0) })
    var (path, needed) = way(from: root, to: kept)
    var gradients: Gradients = [:]
    if needed.contains(ObjectIdentifier(root)) {
      gradients[ObjectIdentifier(root)] = constant(Tensor(repeating: 1, y.shape))
    }
    while let node = path.popLast() {
      let key = ObjectIdentifier(node)
      guard let operation = node.operation,
        let dy = kept.contains(key) ? gradients[key] : gradients.removeValue(forKey: key)
      else { continue }
      let wanted = operation.inputs.map {
        $0.map { needed.contains(ObjectIdentifier($0)) } ?? false
      }
      if wanted.contains(true) {
        let output = operation.output.map { Variable($0, node: node, tape: self) }
        let results = operation.pullback(Pullback(dy: dy, output: output, wanted: wanted))
        if !recording { node.release() }
        for case (let input?, let gradient?) in zip(operation.inputs, results) {
          add(gradient, to: &gradients[ObjectIdentifier(input)], recording: recording)
        }
      }
    }
    return gradients
  }

  private typealias Gradients = [ObjectIdentifier: Variable]

  private func add(_ gradient: Variable, to sum: inout Variable?, recording: Bool) {
    guard var total = sum.take() else {
      sum = gradient
      return
    }
    if recording {
      total = total + gradient
    } else {
      backend.accumulate(&total.value, adding: gradient.value)
    }
    sum = total
  }

  /// The operations between `root` and the targets, earliest first.
  private func way(from root: Node, to targets: Set<ObjectIdentifier>)
    -> (path: [Node], needed: Set<ObjectIdentifier>)
  {
    var reached: [ObjectIdentifier: Node] = [ObjectIdentifier(root): root]
    var open = [root]
    while let node = open.popLast() {
      precondition(!node.isReleased, "gradients asked twice of the same part of a tape")
      for case let input? in node.operation?.inputs ?? []
      where reached.updateValue(input, forKey: ObjectIdentifier(input)) == nil {
        open.append(input)
      }
    }
    var needed = targets
    var path: [Node] = []
    for node in reached.values.sorted(by: { $0.order < $1.order }) {
      let inputs = node.operation?.inputs ?? []
      let leads = inputs.contains { $0.map { needed.contains(ObjectIdentifier($0)) } ?? false }
      guard leads || needed.contains(ObjectIdentifier(node)) else { continue }
      needed.insert(ObjectIdentifier(node))
      path.append(node)
    }
    return (path, needed)
  }
}
