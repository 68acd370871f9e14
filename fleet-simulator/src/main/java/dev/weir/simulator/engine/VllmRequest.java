package dev.weir.simulator.engine;

import dev.weir.simulator.load.Draws;

/** One request to a vLLM server: all that will happen to it is decided by its number. Times and durations in micros. */
final class VllmRequest {
    final long index;
    final long arrivalMicros;
    final long queueMicros;
    final long prefillMicros;
    final long perTokenMicros;
    final int promptTokens;
    final int cachedTokens;
    final int outputTokens;
    final int maxTokens;
    final int choices;
    final String finishedReason;

    /** Tokens that the engine has given out so far. */
    int emitted;

    VllmRequest(Draws draws, long index, long arrivalMicros) {
        this.index = index;
        this.arrivalMicros = arrivalMicros;
        this.promptTokens = (int) draws.logNormal(0, index, 480, 0.6, 8, 16_000);
        this.outputTokens = (int) draws.logNormal(1, index, 120, 0.45, 1, 1_200);
        this.queueMicros = draws.logNormal(2, index, 6_000, 1.0, 40, 20_000_000);
        this.prefillMicros = draws.logNormal(3, index, 90_000, 0.55, 4_000, 30_000_000);
        this.perTokenMicros = draws.logNormal(4, index, 21_000, 0.3, 4_000, 900_000);
        // Whole blocks of 16 tokens, as the prefix cache has them; never the whole prompt.
        double cachedShare = Math.max(0, draws.uniform(5, index) * 1.5 - 0.7);
        this.cachedTokens = Math.min(promptTokens - 1, (int) (promptTokens * cachedShare) / 16 * 16);
        double reason = draws.uniform(6, index);
        this.finishedReason = reason < 0.93 ? "stop" : reason < 0.988 ? "length" : reason < 0.997 ? "abort" : "error";
        double limit = draws.uniform(7, index);
        this.maxTokens = finishedReason.equals("length")
                ? outputTokens
                : Math.max(outputTokens, limit < 0.4 ? 512 : limit < 0.9 ? 2048 : 16_384);
        this.choices = draws.uniform(8, index) < 0.97 ? 1 : 2;
    }

    long timeToFirstTokenMicros() {
        return queueMicros + prefillMicros;
    }

    long decodeMicros() {
        return (outputTokens - 1L) * perTokenMicros;
    }

    /** The tokens given out up to a time. */
    int tokensUntil(long micros) {
        long decoding = micros - arrivalMicros - timeToFirstTokenMicros();
        return decoding < 0 ? 0 : (int) Math.min(outputTokens, 1 + decoding / perTokenMicros);
    }

    /** Tokens of the KV cache it holds at a time. */
    long kvTokens(long micros) {
        return micros < arrivalMicros + queueMicros ? 0 : (long) promptTokens + emitted;
    }
}
