// The table by which the device finds the kernel of an instruction.
#include "kernels.h"

namespace cuda_gan::cuda {

const KernelTable& kernels() {
  static const KernelTable table = {
      {"abs", KernelFactory{abs}},
      {"activation", KernelFactory{activation}},
      {"activationGradient", KernelFactory{activationGradient}},
      {"adam", KernelFactory{adam}},
      {"add", KernelFactory{add}},
      {"affine", KernelFactory{affine}},
      {"argMax", KernelFactory{argMax}},
      {"assign", KernelFactory{assign}},
      {"batchNorm", KernelFactory{batchNorm}},
      {"batchNormGradient", KernelFactory{batchNormGradient}},
      {"batchRow", KernelFactory{batchRow}},
      {"binaryCrossentropy", KernelFactory{binaryCrossentropy}},
      {"binaryCrossentropyGradient", KernelFactory{binaryCrossentropyGradient}},
      {"broadcastTo", KernelFactory{broadcastTo}},
      {"categoricalCrossentropy", KernelFactory{categoricalCrossentropy}},
      {"concat", KernelFactory{concat}},
      {"dense", KernelFactory{dense}},
      {"denseBatchNorm", KernelFactory{denseBatchNorm}},
      {"divide", KernelFactory{divide}},
      {"dropout", KernelFactory{dropout}},
      {"equal", KernelFactory{equal}},
      {"exp", KernelFactory{exp}},
      {"fill", KernelFactory{fill}},
      {"gather", KernelFactory{gather}},
      {"greater", KernelFactory{greater}},
      {"increment", KernelFactory{increment}},
      {"log", KernelFactory{log}},
      {"matmul", KernelFactory{matmul}},
      {"matmulActivationGradient", KernelFactory{matmulActivationGradient}},
      {"matmulAdam", KernelFactory{matmulAdam}},
      {"matmulBatchNormGradient", KernelFactory{matmulBatchNormGradient}},
      {"maximum", KernelFactory{maximum}},
      {"minimum", KernelFactory{minimum}},
      {"movingAverage", KernelFactory{movingAverage}},
      {"multiply", KernelFactory{multiply}},
      {"normalize", KernelFactory{normalize}},
      {"oneHot", KernelFactory{oneHot}},
      {"pad", KernelFactory{pad}},
      {"randomIntegers", KernelFactory{randomIntegers}},
      {"randomNormal", KernelFactory{randomNormal}},
      {"randomUniform", KernelFactory{randomUniform}},
      {"rmsprop", KernelFactory{rmsprop}},
      {"scatterAdd", KernelFactory{scatterAdd}},
      {"sgd", KernelFactory{sgd}},
      {"sign", KernelFactory{sign}},
      {"slice", KernelFactory{slice}},
      {"softmax", KernelFactory{softmax}},
      {"sqrt", KernelFactory{sqrt}},
      {"subtract", KernelFactory{subtract}},
      {"sum", KernelFactory{sum}},
      {"transpose", KernelFactory{transpose}},
  };
  return table;
}

}  // namespace cuda_gan::cuda
