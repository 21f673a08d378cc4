// A step of Adam over all parameters of an optimizer in one launch.

/// One of the tensors that are moved, as `CUDABackend.adam` writes it.
struct AdamTerm {
  Elements parameter, gradient;
  /// Null where it is the gradient itself.
  Elements firstMoment;
  Elements secondMoment;
  /// How many elements there are, and which block has the first of them.
  unsigned count, firstBlock;
};

/// The factors of a step, as `AdamStep` has them. They lie in memory, since they change from step to
/// step and a launch may be one that is repeated.
struct AdamNumbers {
  float firstShare, secondDecay, secondShare, stepSize, rootCorrection, epsilon;
};

/// One step over `count` terms, in the order of their first blocks.
extern "C" __global__ void adam_step(const AdamTerm *terms, unsigned count,
                                     const AdamNumbers *numbers) {
  // The last term that does not begin after this block.
  unsigned found = 0, end = count;
  while (end - found > 1) {
    unsigned middle = (found + end) / 2;
    if (terms[middle].firstBlock <= blockIdx.x) {
      found = middle;
    } else {
      end = middle;
    }
  }
  AdamTerm term = terms[found];
  AdamNumbers step = *numbers;
  unsigned first = ((blockIdx.x - term.firstBlock) * blockDim.x + threadIdx.x) * GROUP;
  if (first >= term.count) return;
  Group<GROUP> p = term.parameter.group(first, term.count);
  Group<GROUP> g = term.gradient.group(first, term.count);
  Group<GROUP> m = term.firstMoment ? term.firstMoment.group(first, term.count) : g;
  Group<GROUP> v = term.secondMoment.group(first, term.count);
  for (int k = 0; k < GROUP; k++) {
    m.at[k] += step.firstShare * (g.at[k] - m.at[k]);
    v.at[k] = step.secondDecay * v.at[k] + step.secondShare * g.at[k] * g.at[k];
    p.at[k] -= step.stepSize * m.at[k] / (sqrtf(v.at[k]) / step.rootCorrection + step.epsilon);
  }
  if (term.firstMoment) term.firstMoment.setGroup(first, term.count, m);
  term.secondMoment.setGroup(first, term.count, v);
  term.parameter.setGroup(first, term.count, p);
}
