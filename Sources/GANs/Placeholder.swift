// GANs
