package cudagan;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Imports every model.h5 of a folder and predicts from the inputs in model.json beside it, in which the outputs to expect
 * are, too. Prints a line for each: "ok" or "FAILED", its name, and by how much it is wrong. Ends with 1 when one failed.
 */
public final class ImportCheck {
    /** Of an output, or of 1 where outputs are smaller. */
    private static final double TOLERANCE = 1e-5;

    /** What model.json says. */
    public static final class Expected {
        public List<Tensor> inputs;
        public List<Tensor> outputs;
    }

    /** The elements row by row. */
    public static final class Tensor {
        public long[] shape;
        public float[] data;

        INDArray toArray() {
            return Nd4j.create(data, shape, 'c').castTo(DataType.FLOAT);
        }
    }

    public static void main(String[] arguments) throws IOException {
        File[] models = new File(arguments[0]).listFiles((folder, name) -> name.endsWith(".h5"));
        Arrays.sort(models);
        boolean failed = models.length == 0;
        for (File model : models) {
            String name = model.getName().replaceFirst("\\.h5$", "");
            File answers = new File(model.getParentFile(), name + ".json");
            try {
                double error = largestError(model.getPath(), new ObjectMapper().readValue(answers, Expected.class));
                boolean passed = error <= TOLERANCE;
                failed |= !passed;
                System.out.printf("%s %s: %.1e%n", passed ? "ok" : "FAILED", name, error);
            } catch (Exception | Error cause) {
                failed = true;
                System.out.printf("FAILED %s: %s%n", name, String.valueOf(cause).replaceAll("\\s+", " "));
                if (System.getenv("TRACE") != null) cause.printStackTrace(System.out);
            }
        }
        System.exit(failed ? 1 : 0);
    }

    private static double largestError(String path, Expected expected) throws Exception {
        INDArray[] inputs = expected.inputs.stream().map(Tensor::toArray).toArray(INDArray[]::new);
        INDArray[] outputs = predict(path, inputs);
        double largest = 0;
        for (int i = 0; i < outputs.length; i++) {
            INDArray wanted = expected.outputs.get(i).toArray();
            if (!Arrays.equals(outputs[i].shape(), wanted.shape())) {
                throw new IllegalStateException("output " + i + " has shape " + Arrays.toString(outputs[i].shape())
                        + ", wanted is " + Arrays.toString(wanted.shape()));
            }
            float[] found = outputs[i].dup('c').data().asFloat();
            float[] answer = expected.outputs.get(i).data;
            for (int j = 0; j < answer.length; j++) {
                double error = Math.abs(found[j] - answer[j]) / Math.max(1, Math.abs(answer[j]));
                if (Double.isNaN(error)) return error;
                largest = Math.max(largest, error);
            }
        }
        return largest;
    }

    private static INDArray[] predict(String path, INDArray[] inputs) throws Exception {
        if (isSequential(path)) {
            return new INDArray[] {KerasModelImport.importKerasSequentialModelAndWeights(path).output(inputs[0])};
        }
        return KerasModelImport.importKerasModelAndWeights(path).output(inputs);
    }

    /** The importer has a function for stacks, and one for graphs. */
    private static boolean isSequential(String path) throws Exception {
        try (Hdf5Archive file = new Hdf5Archive(path)) {
            String config = file.readAttributeAsJson("model_config");
            return new ObjectMapper().readTree(config).get("class_name").asText().equals("Sequential");
        }
    }
}
