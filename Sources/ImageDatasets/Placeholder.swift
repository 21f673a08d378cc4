// ImageDatasets
