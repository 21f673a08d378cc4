// Tests of GANs.
