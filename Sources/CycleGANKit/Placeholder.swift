// CycleGANKit
