// How kernels read and write elements: floats, or bfloat16, which are the upper halves of floats.
// Memory sets the pace of all kernels here, so threads take GROUP neighbours at once where they can.

#define THREADS 256
#define GROUP 8

/// Neighbouring elements.
template <int wide>
struct Group {
  float at[wide];
};

/// A bfloat16 as a float.
__device__ inline float widened(unsigned bits) { return __uint_as_float(bits << 16); }

/// Eight of them.
__device__ inline Group<GROUP> widened(uint4 words) {
  unsigned each[4] = {words.x, words.y, words.z, words.w};
  Group<GROUP> group;
  for (int k = 0; k < 4; k++) {
    group.at[2 * k] = widened(each[k] & 0xffff);
    group.at[2 * k + 1] = widened(each[k] >> 16);
  }
  return group;
}

/// The bfloat16 nearest to a float, the even one of two; a NaN stays one.
__device__ inline unsigned narrowed(float value) {
  unsigned bits = __float_as_uint(value);
  if ((bits & 0x7fffffff) > 0x7f800000) return bits >> 16 | 0x40;
  return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

/// Two bfloat16 in one word, the first in its lower half.
__device__ inline unsigned pair(float first, float second) {
  return narrowed(first) | narrowed(second) << 16;
}

/// A tensor's elements.
struct Elements {
  /// An address, which is even; the lowest bit is set where elements are bfloat16.
  unsigned long long tagged;

  __device__ explicit operator bool() const { return tagged != 0; }
  __device__ bool isShort() const { return tagged & 1; }
  __device__ float *floats() const { return (float *)tagged; }
  /// Said to be in the GPU's own memory, which the compiler does not see through the arithmetic.
  __device__ unsigned short *shorts() const {
    return (unsigned short *)__cvta_global_to_generic(tagged - 1);
  }

  __device__ float operator[](unsigned index) const {
    return isShort() ? widened(shorts()[index]) : floats()[index];
  }

  __device__ void set(unsigned index, float value) const {
    if (isShort()) {
      shorts()[index] = (unsigned short)narrowed(value);
    } else {
      floats()[index] = value;
    }
  }

  /// `wide` elements from `first` on, which is a multiple of it.
  template <int wide>
  __device__ Group<wide> load(unsigned first) const {
    Group<wide> group;
    if constexpr (wide == 1) {
      group.at[0] = (*this)[first];
    } else if (isShort()) {
      return widened(((const uint4 *)shorts())[first / GROUP]);
    } else {
      const float4 *from = (const float4 *)floats() + first / 4;
      float4 lower = from[0], upper = from[1];
      float each[GROUP] = {lower.x, lower.y, lower.z, lower.w, upper.x, upper.y, upper.z, upper.w};
      for (int k = 0; k < GROUP; k++) group.at[k] = each[k];
    }
    return group;
  }

  /// Groups from `first` on, each `step` behind the one before; zeros from `end` on. All loads are
  /// under way before the first is waited for.
  template <int many>
  __device__ void loadEach(Group<GROUP> (&groups)[many], unsigned first, unsigned step,
                           unsigned end) const {
    if (isShort()) {
      uint4 words[many];
#pragma unroll
      for (int number = 0; number < many; number++) {
        unsigned place = first + number * step;
        words[number] = place < end ? ((const uint4 *)shorts())[place / GROUP] : uint4{};
      }
#pragma unroll
      for (int number = 0; number < many; number++) groups[number] = widened(words[number]);
    } else {
#pragma unroll
      for (int number = 0; number < many; number++) {
        unsigned place = first + number * step;
        groups[number] = place < end ? load<GROUP>(place) : Group<GROUP>{};
      }
    }
  }

  /// Writes `wide` elements from `first` on, which is a multiple of it.
  template <int wide>
  __device__ void store(unsigned first, const Group<wide> &group) const {
    const float *v = group.at;
    if constexpr (wide == 1) {
      set(first, v[0]);
    } else if (isShort()) {
      ((uint4 *)shorts())[first / GROUP] =
          uint4{pair(v[0], v[1]), pair(v[2], v[3]), pair(v[4], v[5]), pair(v[6], v[7])};
    } else {
      float4 *to = (float4 *)floats() + first / 4;
      to[0] = float4{v[0], v[1], v[2], v[3]};
      to[1] = float4{v[4], v[5], v[6], v[7]};
    }
  }

  /// A group of `count` elements in all, whose end may cut it short.
  __device__ Group<GROUP> group(unsigned first, unsigned count) const {
    if (first + GROUP <= count) return load<GROUP>(first);
    Group<GROUP> group;
    for (int k = 0; k < GROUP; k++) group.at[k] = first + k < count ? (*this)[first + k] : 0;
    return group;
  }

  /// Writes a group of `count` elements in all, whose end may cut it short.
  __device__ void setGroup(unsigned first, unsigned count, const Group<GROUP> &group) const {
    if (first + GROUP <= count) return store<GROUP>(first, group);
    for (int k = 0; k < GROUP; k++) {
      if (first + k < count) set(first + k, group.at[k]);
    }
  }
};

/// The place of this thread's element; the thread ends if there is none.
#define ELEMENT(index, count)                             \
  unsigned index = blockIdx.x * blockDim.x + threadIdx.x; \
  if (index >= count) return

/// The place of this thread's first element of a group; the thread ends if there is none.
#define GROUP_FROM(first, count)                                      \
  unsigned first = (blockIdx.x * blockDim.x + threadIdx.x) * GROUP;   \
  if (first >= count) return
