// What the package writes into its ONNX files, and knows them by.

/** Who wrote a file: in those of this package inputs have the axes that models have. */
export const producerName = 'cuda-gan';

/** The entry of the metadata that has the pixel range, two numbers as JSON. */
export const pixelRangeKey = 'cuda-gan.pixelRange';
