package dev.weir.simulator.engine;

import java.util.ArrayList;
import java.util.List;

/** The engines' bucket bounds. */
final class Buckets {
    static final double[] VLLM_LATENCY = {
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
    };
    static final double[] VLLM_TTFT = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560
    };
    static final double[] VLLM_PER_TOKEN = {
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
    };
    static final double[] VLLM_ITERATION = {1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384};
    static final double[] VLLM_PARAMS_N = {1, 2, 5, 10, 20};
    static final double[] VLLM_PREEMPTIONS = {1, 2, 3, 4, 5, 10, 20};
    static final double[] VLLM_KV_RESIDENCY = {
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800
    };
    static final double[] VLLM_OFFLOAD_BYTES = {1e6, 5e6, 1e7, 2e7, 4e7, 6e7, 8e7, 1e8, 1.5e8, 2e8};
    static final double[] FASTAPI_FINE = {
        0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60
    };
    static final double[] FASTAPI_COARSE = {0.1, 0.5, 1};

    static final double[] EPP_LATENCY = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60, 120, 180,
        240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600
    };
    static final double[] EPP_REQUEST_SIZES = powersOfTwo(64, 1 << 30);
    static final double[] EPP_RESPONSE_SIZES = {
        1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32778, 65536
    };
    static final double[] EPP_INPUT_TOKENS = {
        1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32778, 65536, 131072, 262144, 524288, 1048576
    };
    static final double[] EPP_OUTPUT_TOKENS = {1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192};

    static final double[] WALLAROO_LATENCY_NS = {
        250_000, 500_000, 1e6, 2e6, 3e6, 4e6, 5e6, 7.5e6, 1e7, 1.5e7, 2e7, 3e7, 5e7, 7.5e7, 1e8, 2.5e8, 5e8, 1e9, 2.5e9,
        5e9, 1e10
    };

    private Buckets() {}

    /** vLLM's 1-2-5 series up to a model's context length. */
    static double[] oneTwoFive(int most) {
        List<Double> bounds = new ArrayList<>();
        for (long power = 1; power <= most; power *= 10) {
            for (long mantissa : new long[] {1, 2, 5}) {
                if (mantissa * power <= most) {
                    bounds.add((double) (mantissa * power));
                }
            }
        }
        return bounds.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] powersOfTwo(int first, int last) {
        int count = Integer.numberOfTrailingZeros(last) - Integer.numberOfTrailingZeros(first) + 1;
        double[] bounds = new double[count];
        for (int i = 0; i < count; i++) {
            bounds[i] = (double) ((long) first << i);
        }
        return bounds;
    }
}
