// What operations are written in: pictures, and the chance that they are given.

@_exported import Images
@_exported import Tensors
