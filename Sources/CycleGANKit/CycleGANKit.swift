// Everything that a program which trains, translates or augments needs, in one import.

@_exported import Augmentation
@_exported import Autograd
@_exported import CUDABackend
@_exported import Checkpoints
@_exported import ConvolutionCore
@_exported import Files
@_exported import GANs
@_exported import ImageDatasets
@_exported import Images
@_exported import Layers
@_exported import Reports
@_exported import Tensors
@_exported import Training
@_exported import Translation
