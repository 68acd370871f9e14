package dev.weir.promql.generator;

import dev.weir.promql.ast.ValueType;
import java.util.List;
import java.util.Random;

/** Random queries over a vocabulary; the same seed gives the same ones. */
public final class RandomQueries {
    private static final int MAX_DEPTH = 4;

    private final Dice dice;
    private final Grammar grammar;
    private final Vocabulary vocabulary;

    public RandomQueries(long seed, Vocabulary vocabulary) {
        this.dice = new Dice(new Random(seed));
        this.grammar = new Grammar(dice, vocabulary);
        this.vocabulary = vocabulary;
    }

    public Query next() {
        ValueType type = type();
        String text = grammar.expression(type, 1 + dice.below(MAX_DEPTH));
        long lookbackMs = dice.chance(25) ? dice.pick(List.of(10_000L, 60_000L, 150_500L, 900_000L)) : 0;
        long spanMs = vocabulary.endMs() - vocabulary.startMs();
        long startMs = vocabulary.startMs() + (long) (dice.below(1100) / 1000.0 * spanMs) + dice.below(2) * 123L;
        boolean isInstant = type == ValueType.MATRIX || type == ValueType.STRING || dice.chance(50);
        if (isInstant) {
            return new Query(text, startMs, startMs, 0, lookbackMs);
        }
        long stepMs = dice.pick(List.of(15_000L, 30_000L, 60_000L, 47_500L, 7_000L, 300_000L));
        return new Query(text, startMs, startMs + stepMs * dice.below(8) + dice.below(5_000), stepMs, lookbackMs);
    }

    /** An expression of vector type, at most {@code depth} deep. */
    public String vector(int depth) {
        return grammar.vector(depth);
    }

    private ValueType type() {
        int choice = dice.below(100);
        return choice < 3
                ? ValueType.MATRIX
                : choice < 7 ? ValueType.SCALAR : choice < 8 ? ValueType.STRING : ValueType.VECTOR;
    }
}
