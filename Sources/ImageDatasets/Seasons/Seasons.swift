/// The embedded data set: landscapes that the program draws itself, each in summer and in winter.
///
/// Both seasons of a scene share all geometry and the time of day. What changes is what snow,
/// cold and bare branches change, so regions of one colour in summer differ in winter: meadows
/// turn white, conifers stay dark, leaves give way to branches, water freezes.
public enum Seasons {
  /// The scene of a key; equal keys give equal pictures on every machine.
  public static func scene(seed: UInt64, index: Int) -> SeasonsScene {
    SeasonsScene(seed: seed, index: index)
  }
}
