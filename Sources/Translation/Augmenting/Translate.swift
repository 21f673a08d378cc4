import Augmentation
import Images

/// Translates pictures by a trained generator: photographs of summer become winter ones.
///
/// No pixel moves, so masks, boxes and keypoints stay as they are. The outcome is that of
/// `cyclegan translate`. As many pictures are translated at a time as pipelines run, each on one
/// thread; they share the weights.
public struct Translate: PixelOperation {
  /// What it does.
  public static let summary = "Translates by a trained generator; labels stay."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .path(
      "model", \.model, required: true, leads: { (try? ModelLocator().choose($0)) != nil },
      "A model file, a run folder, or the name of the bundled model, seasons."),
    .text("to", \.domain, "The domain to translate to: its name, or A or B."),
  ]

  /// A model file, a run folder, or the name of a bundled model.
  public var model: String {
    get { translators.model }
    set { translators = SharedTranslators(model: newValue, domain: domain) }
  }
  /// The domain to translate to: its name in any case, or A or B.
  public var domain: String {
    get { translators.domain }
    set { translators = SharedTranslators(model: model, domain: newValue) }
  }
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  private var translators = SharedTranslators(model: "seasons", domain: "B")

  /// Creates the operation, with the bundled model.
  public init() {}

  /// Creates the operation; the model is read when it is first needed.
  public init(model: String, to domain: String = "B", probability: Float = 0.5) {
    translators = SharedTranslators(model: model, domain: domain)
    self.probability = probability
  }

  /// Reads the model.
  ///
  /// - Throws: If there is none, or it does not lead to the domain.
  public func prepare() throws(AugmentationError) {
    do {
      try translators.prepare()
    } catch {
      throw .failed(operation: Self.name, reason: "\(error)")
    }
  }

  /// Translates a picture.
  ///
  /// - Throws: If the model cannot be used, or the picture is too large for the memory.
  public func changed(
    _ image: Image, by drawn: NothingDrawn
  ) throws(AugmentationError) -> Image {
    do {
      return try translators.translation(of: image)
    } catch {
      throw .failed(operation: Self.name, reason: "\(error)")
    }
  }
}

extension OperationCatalog {
  /// All operations, `Translate` among them.
  public static let complete = standard.adding([Translate.self])
}
