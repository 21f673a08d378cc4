/// Recipes that are at hand by name.
public enum Preset: String, Sendable, CaseIterable {
  /// Small changes that no picture minds.
  case light
  /// All that a photograph can take.
  case strong
  /// What the reference implementation of CycleGAN does: scale to 286×286, crop 256×256, mirror.
  case cyclegan
  /// For scans and microscopes: bends, turns and brightness, no colours, sides kept apart.
  case medical
  /// For photographed pages: perspective, brightness, blur and compression.
  case document

  /// The steps.
  public var pipeline: Pipeline {
    switch self {
    case .light: Self.lightPipeline
    case .strong: Self.strongPipeline
    case .cyclegan: Self.cycleganPipeline
    case .medical: Self.medicalPipeline
    case .document: Self.documentPipeline
    }
  }

  private static var lightPipeline: Pipeline {
    Pipeline(boxRules: BoxRules(minimumVisibility: 0.2)) {
      HorizontalFlip(probability: 0.5)
      Affine(
        scale: 0.95...1.05, rotate: -5...5, translate: -0.03...0.03, border: .reflect,
        probability: 0.5)
      RandomBrightnessContrast(
        brightness: -0.1...0.1, contrast: -0.1...0.1, probability: 0.5)
    }
  }

  private static var strongPipeline: Pipeline {
    Pipeline(boxRules: BoxRules(minimumVisibility: 0.2)) {
      HorizontalFlip(probability: 0.5)
      Affine(
        scale: 0.7...1.3, aspect: 0.9...1.1, rotate: -20...20, shear: -8...8,
        translate: -0.1...0.1, border: .reflect, probability: 0.8)
      OneOf(probability: 0.3) {
        Perspective(scale: 0.05...0.15, border: .reflect)
        ElasticTransform(amount: 0.1...0.3)
        GridDistortion(limit: -0.3...0.3)
      }
      OneOf(probability: 0.9) {
        ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.5, hue: 0.08)
        RandomBrightnessContrast(brightness: -0.25...0.25, contrast: -0.3...0.3)
        HueSaturationValue(hue: -25...25, saturation: -0.3...0.3, value: -0.2...0.2)
        RandomGamma(gamma: 0.6...1.6)
        CLAHE(clip: 1...4)
      }
      ToGray(probability: 0.05)
      OneOf(probability: 0.4) {
        GaussianBlur(sigma: 0.5...2)
        MotionBlur(length: 3...9)
        Sharpen(alpha: 0.2...0.5)
        Downscale(scale: 0.4...0.8)
      }
      OneOf(probability: 0.3) {
        GaussNoise(deviation: 0.02...0.08)
        ISONoise(brightness: 0.02...0.06, color: 0.01...0.03)
        ImageCompression(quality: 40...90)
      }
      CoarseDropout(count: 1...6, size: 0.05...0.2, probability: 0.3)
    }
  }

  private static var cycleganPipeline: Pipeline {
    Pipeline {
      Resize(width: 286, height: 286)
      RandomCrop(width: 256, height: 256)
      HorizontalFlip(probability: 0.5)
    }
  }

  private static var medicalPipeline: Pipeline {
    Pipeline(boxRules: BoxRules(minimumVisibility: 0.2)) {
      Affine(
        scale: 0.9...1.1, rotate: -15...15, translate: -0.05...0.05, probability: 0.7)
      ElasticTransform(amount: 0.1...0.25, border: .fill, probability: 0.3)
      OneOf(probability: 0.7) {
        RandomBrightnessContrast(brightness: -0.1...0.1, contrast: -0.15...0.15)
        RandomGamma(gamma: 0.8...1.25)
      }
      OneOf(probability: 0.3) {
        GaussNoise(deviation: 0.01...0.04, isGrey: true)
        GaussianBlur(sigma: 0.4...1)
      }
    }
  }

  private static var documentPipeline: Pipeline {
    Pipeline(boxRules: BoxRules(minimumVisibility: 0.5)) {
      Perspective(scale: 0.02...0.06, fill: 128, probability: 0.7)
      Rotate(limit: -4...4, fill: 128, probability: 0.7)
      RandomBrightnessContrast(
        brightness: -0.15...0.1, contrast: -0.25...0.1, probability: 0.7)
      ColorJitter(brightness: 0, contrast: 0, saturation: 0.3, hue: 0.02, probability: 0.3)
      OneOf(probability: 0.4) {
        GaussianBlur(sigma: 0.4...1.2)
        MotionBlur(length: 2...5)
        Downscale(scale: 0.5...0.9)
      }
      OneOf(probability: 0.5) {
        GaussNoise(deviation: 0.01...0.04)
        ImageCompression(quality: 30...80)
      }
    }
  }
}
