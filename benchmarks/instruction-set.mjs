// One instruction set for all: cuda-gan and the libraries beside it, each of which is told in a way of its own.
const onAvx2 = {
  ATEN_CPU_CAPABILITY: 'avx2',
  MKL_ENABLE_INSTRUCTIONS: 'AVX2',
  ONEDNN_MAX_CPU_ISA: 'AVX2',
  OPENBLAS_CORETYPE: 'Haswell',
};

/** From now on, cuda-gan computes with this instruction set in processes that are started; the libraries with avx2 or the machine's best. */
export function useInstructionSet(name) {
  process.env.CUDA_GAN_ISA = name;
  for (const [setting, value] of Object.entries(onAvx2)) {
    if (name === 'avx2') process.env[setting] = value;
    else delete process.env[setting];
  }
}
