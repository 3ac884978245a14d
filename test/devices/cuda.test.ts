// The cuda device around its kernels: what it says where it cannot be opened, and what happens when something fails.
// Faults come from the emulator (test/cuda-emulator), in processes of their own that use the built package.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createDevice } from '../../lib/devices/select';
import { command } from '../cli/command';
import { scratchFolder } from '../gan/scratch';
import { emulatedAddon, emulator, gpuMissing } from '../support/devices';

/** What a script prints, as JSON, on the emulator. A process that hangs is ended after 60 s. */
function emulated(script: string, environment: NodeJS.ProcessEnv = {}, args: string[] = []): Promise<unknown> {
  const env = { ...process.env, CUDA_GAN_PREBUILD: emulator, ...environment };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [join(__dirname, script), ...args],
      { env, timeout: 60_000 },
      (error, stdout, stderr) => {
        if (error !== null) reject(new Error(`${error.message}\n${stderr}`));
        else resolve(JSON.parse(stdout));
      },
    );
  });
}

const tooMuch = 'CudaGanError CUDA_GAN_NO_MEMORY: out of GPU memory: 381 MiB were wanted, 64 MiB of 64 MiB are free';
const memory = { CUDA_EMULATOR_MEMORY: String(64 << 20) };

const onEmulator = emulatedAddon() === undefined ? describe.skip : describe;
onEmulator('on the emulator (skipped where it is not built, on a machine with a GPU)', () => {
  test('it computes, and says when the memory does not suffice', async () => {
    expect(await emulated('cuda.mjs', memory)).toEqual({
      opened: 'Emulated GPU, compute capability 9.0',
      tooMuch,
      first: 40,
      second: 40,
      cpu: 40,
    });
  });

  test.each([
    [
      'without a driver',
      { CUDA_EMULATOR_FAIL: 'cudaGetDeviceCount@1=35', CUDA_EMULATOR_DRIVER_VERSION: '0' },
      'no NVIDIA driver was found (libcuda.so.1); on a machine with an NVIDIA GPU, install the driver',
    ],
    [
      'with a driver that is too old',
      { CUDA_EMULATOR_FAIL: 'cudaGetDeviceCount@1=35', CUDA_EMULATOR_DRIVER_VERSION: '12080' },
      'the NVIDIA driver supports CUDA 12.8, this build needs 13.0; update the driver',
    ],
    [
      'without a GPU',
      { CUDA_EMULATOR_DEVICES: '0' },
      'the driver sees no NVIDIA GPU; look at nvidia-smi, and at CUDA_VISIBLE_DEVICES, which may hide it',
    ],
    [
      'with a GPU that is too old',
      { CUDA_EMULATOR_COMPUTE_CAPABILITY: '61' },
      'Emulated GPU has compute capability 6.1, this build has code for 7.5 and newer',
    ],
    [
      'with a GPU that takes no code of this build',
      { CUDA_EMULATOR_FAIL: 'cudaFuncGetAttributes=98' },
      'Emulated GPU has compute capability 9.0, this build has code for 7.5 and newer',
    ],
    [
      'with a GPU that is taken',
      { CUDA_EMULATOR_FAIL: 'cudaFuncGetAttributes=46' },
      'the GPU is taken by another process, or not for computing: ' +
        'cudaFuncGetAttributes failed with cudaErrorDevicesUnavailable (as the CUDA emulator was told)',
    ],
    [
      'with a driver that fails',
      { CUDA_EMULATOR_FAIL: 'cudaGetDeviceCount@1=999' },
      'the driver answers cudaErrorUnknown (as the CUDA emulator was told); look at nvidia-smi',
    ],
  ])('%s it says so, and the cpu device works', async (_, environment, reason) => {
    expect(await emulated('cuda.mjs', environment)).toEqual({
      opened: `CudaGanError CUDA_GAN_NO_DEVICE: cuda is not available: ${reason}`,
      cpu: 40,
    });
  });

  test('auto is cpu where the first GPU takes no code of this build, and cuda:1 is the second', async () => {
    const gpus = { CUDA_EMULATOR_DEVICES: '2', CUDA_EMULATOR_COMPUTE_CAPABILITY: '6.1,9.0' };
    expect(await emulated('cuda.mjs', { ...memory, ...gpus }, ['auto'])).toMatchObject({
      opened: expect.not.stringContaining('GPU'),
      first: 40,
    });
    expect(await emulated('cuda.mjs', { ...memory, ...gpus }, ['cuda:1'])).toMatchObject({
      opened: 'Emulated GPU, compute capability 9.0',
      first: 40,
    });
  });

  test('a GPU that is lost in mid-run is named, stays lost, and the cpu device works', async () => {
    const lost =
      'CudaGanError CUDA_GAN_DEVICE_LOST: the GPU was lost: CALL failed with cudaErrorIllegalAddress ' +
      '(as the CUDA emulator was told). This process cannot use it any more, a new one can; the cpu device still works';
    const found = await emulated('cuda.mjs', { ...memory, CUDA_EMULATOR_FAIL: 'cudaGraphLaunch@2=700' });
    expect(found).toEqual({
      opened: 'Emulated GPU, compute capability 9.0',
      tooMuch,
      first: lost.replace('CALL', 'cudaGraphLaunch'),
      second: lost.replace('CALL', 'cudaSetDevice'),
      cpu: 40,
    });
  });

  test.each([
    'cudaLaunchKernelEx',
    'cudaStreamGetCaptureInfo',
    'cudaStreamUpdateCaptureDependencies',
    'cudaGraphInstantiate',
  ])('a failure of %s, under capture or after it, is named', async (call) => {
    const found = await emulated('cuda.mjs', { ...memory, CUDA_EMULATOR_FAIL: `${call}@1=1` });
    expect(found).toMatchObject({
      first: `CudaGanError CUDA_GAN_INTERNAL: ${call} failed with cudaErrorInvalidValue (as the CUDA emulator was told)`,
      cpu: 40,
    });
  });

  test('worker threads have devices of their own, and one can be ended in mid-run', async () => {
    expect(await emulated('cuda-workers.mjs')).toEqual({ started: 'cuda', same: true, losses: 3 });
  });

  test('two GPUs train at once to the bits of each alone, and take over what the other wrote', async () => {
    const gpus = { CUDA_EMULATOR_DEVICES: '2', CUDA_EMULATOR_COMPUTE_CAPABILITY: '9.0,8.6', ...memory };
    expect(await emulated('cuda-gpus.mjs', gpus)).toEqual({
      list: [
        [0, 'Emulated GPU, compute capability 9.0'],
        [1, 'Emulated GPU, compute capability 8.6'],
      ],
      gpus: [0, 1, 1, 0],
      shared: true,
      weights: 1,
      afterDispose: true,
      resumed: { gpu: 0, same: true },
      samePredictions: true,
      mixed: 'CUDA_GAN_STATE: model "net" already lives on the device "cuda:1"; choose its device before its first use',
      memory: 2,
      third:
        'CUDA_GAN_NO_DEVICE: cuda:2 is not available: there is no GPU number 2: the driver shows 2 GPUs, numbers 0 to 1',
      tf32: 'Emulated GPU, compute capability 8.6, TF32',
    });
  });

  test('a GPU that CUDA_VISIBLE_DEVICES may hide is not there, and the error says so', async () => {
    expect(await emulated('cuda.mjs', { CUDA_VISIBLE_DEVICES: '0' }, ['cuda:1'])).toEqual({
      opened:
        'CudaGanError CUDA_GAN_NO_DEVICE: cuda:1 is not available: there is no GPU number 1: ' +
        'the driver shows 1 GPU, number 0; CUDA_VISIBLE_DEVICES, which is "0", may hide others',
      cpu: 40,
    });
  });

  describe('dependent launch', () => {
    const launch = (wanted: string, capability = '9.0') => {
      return emulated('graph.mjs', { CUDA_GAN_DEPENDENT_LAUNCH: wanted, CUDA_EMULATOR_COMPUTE_CAPABILITY: capability });
    };

    test('lets all kernels come early but the first, which waits for none', async () => {
      expect(await launch('1')).toEqual({ nodes: 4, early: 3 });
      expect(await launch('1', '12.0')).toEqual({ nodes: 4, early: 3 });
    });

    test('is for code of compute capability 9.0 and newer', async () => {
      expect(await launch('1', '8.9')).toEqual({ nodes: 4, early: 0 });
    });

    test('is off by default, and what is neither 0 nor 1 is an error', async () => {
      expect(await launch('')).toEqual({ nodes: 4, early: 0 });
      expect(await launch('0')).toEqual({ nodes: 4, early: 0 });
      await expect(launch('yes')).rejects.toThrow('CUDA_GAN_DEPENDENT_LAUNCH is "yes"; allowed are 0 and 1');
    });
  });

  // Kernels of a library do not wait for those before them, as own ones can.
  const launches = [{}, { CUDA_GAN_DEPENDENT_LAUNCH: '1' }];

  test.each(launches)('products of large batches go to cuBLASLt where that is found (%j)', async (launch) => {
    const libraries = { CUDA_GAN_LIB_DIR: join(emulator, 'lib') };
    const own = await emulated('cuda-products.mjs', launch);
    const library = await emulated('cuda-products.mjs', { ...libraries, ...launch });
    expect(own).toEqual({ productsByLibrary: 0, wrong: [], warnings: [] });
    expect(library).toEqual({ productsByLibrary: expect.any(Number), wrong: [], warnings: [] });
    expect((library as { productsByLibrary: number }).productsByLibrary).toBeGreaterThan(0);
  });

  test.each([
    ['cuBLASLt', 'cuda-products.mjs', { FAKE_CUBLAS_LT_FAULT: '700' }],
    ['cuDNN', 'cuda-convolutions.mjs', { FAKE_CUDNN_FAULT: '700' }],
  ])('what %s does wrong when it is first called is an error of compile that names it', async (name, script, fault) => {
    expect(await emulated(script, { CUDA_GAN_LIB_DIR: join(emulator, 'lib'), ...fault }, ['tf32'])).toEqual({
      compile:
        `CUDA_GAN_DEVICE_LOST: the GPU was lost: the first call of ${name} failed with cudaErrorIllegalAddress ` +
        '(as the CUDA emulator was told). This process cannot use it any more, a new one can; the cpu device still works',
    });
  });

  const folder = join(emulator, 'lib');
  const fails = (name: string, what: string, why: string) =>
    `CUDA_GAN_LIBRARY: ${name} fails, so the package's own kernels compute ${what}: ${why}`;

  test('own kernels take the place of a library that is refused, and a warning says why', async () => {
    const refusing = { CUDA_GAN_LIB_DIR: folder, FAKE_CUBLAS_LT_REFUSES: '13', FAKE_CUDNN_REFUSES: '1' };
    const cublas = `CUDA_GAN_LIB_DIR: ${folder}/libcublasLt.so.13: cublasLtCreate: CUBLAS_STATUS_NOT_INITIALIZED`;
    const cudnn = `CUDA_GAN_LIB_DIR: ${folder}/libcudnn.so.9: cudnnCreate: CUDNN_STATUS_NOT_INITIALIZED`;
    expect(await emulated('cuda-products.mjs', refusing)).toEqual({
      productsByLibrary: 0,
      wrong: [],
      warnings: [fails('cuBLASLt', 'products', cublas)],
    });
    expect(await emulated('cuda-convolutions.mjs', refusing, ['tf32', 'compile'])).toEqual({
      warnings: [fails('cuDNN', 'convolutions', cudnn)],
    });
  });

  test('own kernels take the place of libraries that CUDA_GAN_LIB_DIR promises in vain, and a warning says so', async () => {
    expect(await emulated('cuda-products.mjs', { CUDA_GAN_LIB_DIR: '/nowhere' })).toEqual({
      productsByLibrary: 0,
      wrong: [],
      warnings: [fails('cuBLASLt', 'products', 'it is neither in CUDA_GAN_LIB_DIR, which is /nowhere, nor elsewhere')],
    });
  });

  test.each(launches)(
    'large convolutions in tf32 go to cuDNN where that is found, in float32 they do not (%j)',
    async (launch) => {
      const libraries = { CUDA_GAN_LIB_DIR: join(emulator, 'lib'), ...launch };
      const own = await emulated('cuda-convolutions.mjs', libraries, ['float32']);
      const library = await emulated('cuda-convolutions.mjs', libraries, ['tf32']);
      expect(own).toEqual({ convolutionsByLibrary: 0, wrong: [], warnings: [] });
      // Three of each kind, two that are fused, and three of a kernel that changes: once when they are compiled, and in two steps.
      expect(library).toEqual({ convolutionsByLibrary: 42, wrong: [], warnings: [] });
    },
  );
});

const withoutGpu = gpuMissing === undefined ? describe.skip : describe;
withoutGpu('on this machine (skipped where there is a GPU)', () => {
  test('cuda is an error that says why it is not there, not another device', () => {
    expect(() => createDevice('cuda')).toThrow(
      expect.objectContaining({ code: 'CUDA_GAN_NO_DEVICE', message: `cuda is not available: ${gpuMissing}` }),
    );
  });

  test('the command says it, and exits with 1', async () => {
    expect(await command('train', '--device', 'cuda')).toEqual({
      code: 1,
      stdout: '',
      stderr: `cuda-gan: cuda is not available: ${gpuMissing} (CUDA_GAN_NO_DEVICE)\n`,
    });
  });

  test('auto is cpu, and the command says why', async () => {
    const { stdout } = await command('train', '--steps', '1', '--batch-size', '2', '--out', scratchFolder());
    expect(stdout).toMatch(/^Training on 60000 images: cpu \(/);
    expect(stdout.split('\n')[1]).toBe(`Not on cuda: ${gpuMissing}`);
  });
});
