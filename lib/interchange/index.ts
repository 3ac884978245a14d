// Formats of other programs, by which models move.
import type { ModelFormat } from '../models/model-formats.js';
import { h5Format } from './keras/h5-file.js';
import { kerasFormat } from './keras/keras-file.js';
import { onnxFormat } from './onnx/onnx-file.js';
import { tfjsFormat } from './tfjs/tfjs-file.js';

export const formats: readonly ModelFormat[] = [kerasFormat, h5Format, onnxFormat, tfjsFormat];
