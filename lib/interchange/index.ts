// Formats of other programs, by which models move.
import { registerFormat } from '../models/model-formats.js';
import { h5Format } from './keras/h5-file.js';
import { kerasFormat } from './keras/keras-file.js';

for (const format of [kerasFormat, h5Format]) registerFormat(format);
