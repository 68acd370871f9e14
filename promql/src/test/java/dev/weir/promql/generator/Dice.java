package dev.weir.promql.generator;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Choices that a seed decides. */
final class Dice {
    private final Random random;

    Dice(Random random) {
        this.random = random;
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** From 0 up to {@code bound}, exclusive. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** One of the texts, of which only the chosen one is made. */
    @SafeVarargs
    final String oneOf(Supplier<String>... choices) {
        return choices[random.nextInt(choices.length)].get();
    }

    /** The text, or nothing in the rest of the cases. */
    String maybe(int percent, Supplier<String> text) {
        return chance(percent) ? text.get() : "";
    }
}
