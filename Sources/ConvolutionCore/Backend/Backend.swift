import Tensors

/// What a network asks of a device.
///
/// Every floor above knows this protocol and no concrete device.
///
/// Activations are `[N, H, W, C]`, filters `[I, KH, KW, O]`, all float32. Operations are pure: they
/// take tensors and return new ones, unless a parameter is `inout`. Shapes that do not fit are a
/// programmer's fault and trap; debug builds say with which numbers.
public protocol Backend: ConvolutionOperations, NormalizationOperations, PointwiseOperations,
  ReductionOperations, OptimizerOperations, CustomStringConvertible
{
  /// One line about the device for logs: `CPU, AVX2, 2 threads`.
  var description: String { get }

  /// Whether the layers of one picture keep the whole device busy.
  ///
  /// Where they do not, pictures that could go through a network one by one go as a batch.
  var isFilledByOnePicture: Bool { get }

  /// From how many elements on a value is made again for a gradient, where that is cheap, instead of
  /// being kept.
  var remadeFrom: Int { get }

  /// Waits until all that was asked for has been computed.
  ///
  /// Whoever reads a tensor need not call it, whoever takes times must: a device may put work off.
  func synchronize()

  /// Runs two works that have nothing to do with one another, at the same time where it can.
  ///
  /// Each work computes on the backend that it is given, a part of this one.
  func concurrently(_ first: (any Backend) -> Void, _ second: (any Backend) -> Void)

  /// Does a work that comes again and again, in whatever way is fastest for that.
  ///
  /// The body is called this time or was called an earlier time, and then what it asked for is done
  /// again with other inputs. So it must ask for the same each time, look at no numbers on the way, change
  /// nothing but tensors that it makes, and compute on the backend that it is given.
  ///
  /// - Parameters:
  ///   - work: Which work, the same object each time.
  ///   - inputs: Tensors that are others each time.
  ///   - parameters: Whatever else the body reads: tensors that stay, though their elements change.
  ///   - body: Makes tensors of the inputs that it is given; nil for one that there is not.
  /// - Returns: What the body makes.
  func repeated(
    _ work: RepeatableWork, inputs: [Tensor], reading parameters: [Tensor],
    _ body: (any Backend, [Tensor]) -> [Tensor?]
  ) -> [Tensor?]
}

extension Backend {
  /// A few threads have enough to do.
  public var isFilledByOnePicture: Bool { true }

  /// From 4 MiB on: less memory for a hundredth of the time.
  public var remadeFrom: Int { 1 << 20 }

  /// Nothing to wait for: everything is computed before a verb returns.
  public func synchronize() {}

  /// Runs two works, side by side or one after the other, and returns what they make.
  public func both<First, Second>(
    sideBySide: Bool, _ first: (any Backend) -> First, _ second: (any Backend) -> Second
  ) -> (First, Second) {
    guard sideBySide else { return (first(self), second(self)) }
    var firstResult: First?, secondResult: Second?
    concurrently({ firstResult = first($0) }, { secondResult = second($0) })
    guard let firstResult, let secondResult else { preconditionFailure("a work that did not run") }
    return (firstResult, secondResult)
  }
}
