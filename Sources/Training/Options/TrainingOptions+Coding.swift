import Checkpoints
import GANs

extension TrainingOptions {
  /// The names in `options.json`.
  enum CodingKeys: String, CodingKey {
    case domainA, domainB, length, schedule, size, loadSize, batch, generator
    case discriminatorFilters, spectralNorm, augmentation, acceptsDamage
    case flips = "mirrors"
    case keepsShapes, discriminatorAugmentation, lambdaCycle, lambdaIdentity, adversarialLoss
    case learningRate, average
    case poolSize = "pool"
    case seed, initialWeights
  }

  /// Reads options; those that earlier versions did not have are as they were then.
  ///
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    domainA = try values.decode(Domain.self, forKey: .domainA)
    domainB = try values.decode(Domain.self, forKey: .domainB)
    length = try values.decode(TrainingLength.self, forKey: .length)
    schedule = try values.decode(ScheduleKind.self, forKey: .schedule)
    size = try values.decode(Int.self, forKey: .size)
    loadSize = try values.decode(Int.self, forKey: .loadSize)
    batch = try values.decode(Int.self, forKey: .batch)
    generator = try values.decode(GeneratorDescription.self, forKey: .generator)
    discriminatorFilters = try values.decode(Int.self, forKey: .discriminatorFilters)
    spectralNorm = try values.decodeIfPresent(Bool.self, forKey: .spectralNorm) ?? false
    augmentation = try values.decodeIfPresent(String.self, forKey: .augmentation)
    acceptsDamage = try values.decodeIfPresent(Bool.self, forKey: .acceptsDamage) ?? false
    flips = try values.decodeIfPresent(Bool.self, forKey: .flips) ?? true
    keepsShapes = try values.decodeIfPresent(Bool.self, forKey: .keepsShapes) ?? false
    discriminatorAugmentation = try values.decodeIfPresent(
      DiscriminatorAugmentation.self, forKey: .discriminatorAugmentation)
    lambdaCycle = try values.decode(Float.self, forKey: .lambdaCycle)
    lambdaIdentity = try values.decode(Float.self, forKey: .lambdaIdentity)
    adversarialLoss = try values.decode(AdversarialLoss.self, forKey: .adversarialLoss)
    learningRate = try values.decode(Double.self, forKey: .learningRate)
    average = try values.decodeIfPresent(Int.self, forKey: .average)
    poolSize = try values.decode(Int.self, forKey: .poolSize)
    seed = try values.decode(UInt64.self, forKey: .seed)
    initialWeights = try values.decodeIfPresent(String.self, forKey: .initialWeights)
  }
}
