// Tests of ConvolutionCore.
