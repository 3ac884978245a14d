// One instruction set for all: cuda-gan and the libraries beside it, each of which is told in a way of its own.
const settings = {
  avx2: {
    ATEN_CPU_CAPABILITY: 'avx2',
    MKL_ENABLE_INSTRUCTIONS: 'AVX2',
    ONEDNN_MAX_CPU_ISA: 'AVX2',
    OPENBLAS_CORETYPE: 'Haswell',
  },
};

/** From now on, processes that are started compute with this instruction set: `avx2`, or the best that the machine has. */
export function useInstructionSet(name) {
  process.env.CUDA_GAN_ISA = name;
  for (const setting of Object.keys(settings.avx2)) delete process.env[setting];
  Object.assign(process.env, settings[name]);
}
