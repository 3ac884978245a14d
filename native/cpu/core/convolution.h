// A convolution as the matrix products that it is made of.
#pragma once
#include "../../program/conv2d.h"
#include "patches.h"

namespace cuda_gan::cpu::CUDA_GAN_ISA {

// The places of x, along one axis, that lie `first` beyond a multiple of the stride: what of the kernel they meet, and where
// in y. Every such place meets the same part of the kernel, so that each phase is a convolution of y of stride 1.
struct Phase1d {
  int64_t first;
  PatchAxis places;              // in y
  std::vector<int64_t> kernels;  // the place in the kernel of every tap
};

inline std::vector<Phase1d> phasesOf(const ConvAxis& axis) {
  std::vector<Phase1d> phases;
  for (int64_t first = 0; first < std::min(axis.stride, axis.input); first++) {
    Phase1d phase{first, {(axis.input - first + axis.stride - 1) / axis.stride, axis.output, 1, {}}, {}};
    // Input place i meets output place (i + padding - k · dilation) / stride. The last k comes first: neighbouring taps then
    // are neighbours in y.
    for (int64_t k = axis.kernel - 1; k >= 0; k--) {
      const int64_t at = first + axis.padding - k * axis.dilation;
      if (at % axis.stride != 0) continue;
      phase.places.offsets.push_back(at / axis.stride);
      phase.kernels.push_back(k);
    }
    phases.push_back(std::move(phase));
  }
  return phases;
}

// A place of y and one of the kernel, along one axis.
struct Meeting {
  int64_t output, kernel;
};

// Those that meet at every place of x.
inline std::vector<std::vector<Meeting>> meetingsOf(const ConvAxis& axis) {
  std::vector<std::vector<Meeting>> meetings(static_cast<size_t>(axis.input));
  for (int64_t i = 0; i < axis.input; i++) {
    for (int64_t k = 0; k < axis.kernel; k++) {
      const int64_t o = axis.outputPlace(i, k);
      if (o >= 0) meetings[static_cast<size_t>(i)].push_back({o, k});
    }
  }
  return meetings;
}

// The kernel of one phase, transposed: B [taps · outputs of the group, inputs of the group].
struct KernelTaps {
  std::vector<const float*> taps;  // [inputs, outputs] each
  int64_t outputs, groupOutputs;
};

inline void packPanel(const KernelTaps& b, PlaceInB from, int64_t depth, int64_t columns, float* panel) {
  for (int64_t k = from.row, end = from.row + depth; k < end;) {
    const int64_t tap = k / b.groupOutputs, next = std::min(end, (tap + 1) * b.groupOutputs);
    const float* first = b.taps[static_cast<size_t>(tap)] + from.column * b.outputs + (k - tap * b.groupOutputs);
    packColumns({first, 1, b.outputs}, next - k, columns, panel);
    panel += (next - k) * packedWidth(columns);
    k = next;
  }
}

// Of x [n, height, width, inputs] and a kernel [height, width, inputs / groups, outputs].
struct Convolution {
  Conv2d geometry;
  int64_t images, inputs, outputs;
  const float* kernel;

  int64_t groups() const { return geometry.groups; }
  int64_t groupInputs() const { return inputs / groups(); }
  int64_t groupOutputs() const { return outputs / groups(); }

  // Rows are output places, columns what the kernel covers.
  Patches patchesOfInput(const float* x, int64_t group) const {
    return {x + group * groupInputs(), images, inputs, groupInputs(), inputAxis(geometry.vertical), inputAxis(geometry.horizontal)};
  }

  // [what it covers, outputs]
  MatrixView kernelOf(int64_t group) const { return {kernel + group * groupOutputs(), outputs, 1}; }

  // Rows are the places of a phase, columns what of y they meet.
  Patches patchesOfOutput(const float* y, int64_t group, const Phase1d& rows, const Phase1d& columns) const {
    return {y + group * groupOutputs(), images, outputs, groupOutputs(), rows.places, columns.places};
  }

  // [what they meet, inputs]
  KernelTaps tapsOf(int64_t group, const Phase1d& rows, const Phase1d& columns) const {
    KernelTaps result{{}, outputs, groupOutputs()};
    for (int64_t ky : rows.kernels) {
      for (int64_t kx : columns.kernels) {
        const int64_t place = ky * geometry.horizontal.kernel + kx;
        result.taps.push_back(kernel + place * groupInputs() * outputs + group * groupOutputs());
      }
    }
    return result;
  }

  PlaceStrides outputStrides() const {
    return {geometry.outputPlaces() * outputs, geometry.horizontal.output * outputs, outputs};
  }

  // Of the places of a phase.
  PlaceStrides phaseStrides() const {
    const auto& [vertical, horizontal, groups] = geometry;
    return {geometry.inputPlaces() * inputs, vertical.stride * horizontal.input * inputs, horizontal.stride * inputs};
  }

  float* firstOfPhase(float* x, int64_t group, const Phase1d& rows, const Phase1d& columns) const {
    return x + (rows.first * geometry.horizontal.input + columns.first) * inputs + group * groupInputs();
  }

 private:
  static PatchAxis inputAxis(const ConvAxis& axis) {
    PatchAxis result{axis.output, axis.input, axis.stride, {}};
    for (int64_t k = 0; k < axis.kernel; k++) result.offsets.push_back(axis.inputPlace(0, k));
    return result;
  }
};

inline Convolution convolutionOf(const Attributes& attributes, const Tensor& x, const float* kernel, const Tensor& y) {
  return {conv2dOf(attributes), x.shape[0], x.shape[3], y.shape[3], kernel};
}

}  // namespace cuda_gan::cpu::CUDA_GAN_ISA
