// Tests of ImageDatasets.
