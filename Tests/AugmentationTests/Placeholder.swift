// Tests of Augmentation.
