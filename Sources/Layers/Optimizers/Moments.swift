import ConvolutionCore
import Tensors

/// One kind of moment of several parameters, in their order.
struct Moments {
  private let parameters: [NamedParameter]
  private var values: [Tensor]

  /// Zeros, as before the first step.
  init(of parameters: [NamedParameter]) {
    self.parameters = parameters
    values = parameters.map { Tensor(zeros: $0.parameter.shape) }
  }

  /// The moments by the parameters' paths.
  ///
  /// Setting traps unless they are the moments of just these parameters.
  var named: [String: Tensor] {
    get { Dictionary(uniqueKeysWithValues: zip(parameters.map(\.path), values)) }
    set {
      precondition(
        newValue.count == parameters.count,
        "\(newValue.count) moments for \(parameters.count) parameters")
      values = parameters.map { named in
        guard let moment = newValue[named.path], moment.shape == named.parameter.shape else {
          preconditionFailure("no moment of shape \(named.parameter.shape) for \(named.path)")
        }
        return moment
      }
    }
  }

  /// Hands a moment out to be changed in place.
  fileprivate mutating func lend(_ index: Int) -> Tensor {
    var lent = Tensor.nothing
    swap(&values[index], &lent)
    return lent
  }

  /// Takes back what was lent.
  fileprivate mutating func takeBack(_ lent: Tensor, at index: Int) { values[index] = lent }
}

/// Parameters in training and what is remembered of each.
struct RememberedParameters {
  private let parameters: [NamedParameter]
  /// Nil where the past has no weight in them.
  var firstMoments: Moments?
  var secondMoments: Moments

  /// Begins with moments of zero for those parameters that are trained.
  init(_ parameters: [NamedParameter], hasFirstMoments: Bool) {
    self.parameters = parameters.filter(\.parameter.role.isTrained)
    secondMoments = Moments(of: self.parameters)
    firstMoments = hasFirstMoments ? Moments(of: self.parameters) : nil
  }

  /// Moves all parameters that have a gradient at once, in place, and forgets the gradients.
  mutating func move(_ step: AdamStep, on backend: any Backend) {
    var moved: [Int] = [], terms: [AdamTerm] = []
    for (index, named) in parameters.enumerated() {
      // Of a parameter under two names, the first.
      let parameter = named.parameter
      guard let gradient = parameter.gradient.take() else { continue }
      moved.append(index)
      terms.append(
        AdamTerm(
          parameter: parameter.lendValue(), gradient: gradient,
          firstMoment: firstMoments?.lend(index), secondMoment: secondMoments.lend(index)))
    }
    backend.adam(&terms, step)
    for (index, term) in zip(moved, terms) {
      parameters[index].parameter.takeBack(term.parameter)
      if let moment = term.firstMoment { firstMoments?.takeBack(moment, at: index) }
      secondMoments.takeBack(term.secondMoment, at: index)
    }
  }
}

extension Tensor {
  /// What stands where a tensor was lent from.
  static let nothing = Tensor(0)
}
