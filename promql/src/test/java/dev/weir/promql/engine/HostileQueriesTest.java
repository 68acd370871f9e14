package dev.weir.promql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weir.promql.script.MemoryStore;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.Labels;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queries that want much more than they say. None may allocate 50 MiB, and so none can hold it. */
class HostileQueriesTest {
    private static final long MAX_ALLOCATED_BYTES = 50L << 20;
    private static final String MANY_NAMES =
            IntStream.range(0, 15_000).mapToObj(i -> "a" + i).collect(Collectors.joining(","));

    private static final PromQlEngine ENGINE = new PromQlEngine(EngineOptions.DEFAULT);
    private static final MemoryStore STORE = MemoryStore.EMPTY
            .with(Labels.of("__name__", "foo", "a", "x"), Map.of(0L, 1.0))
            .with(Labels.of("__name__", "foo", "a", "y"), Map.of(0L, 2.0))
            .with(Labels.of("__name__", "bar", "a", "x"), Map.of(0L, 3.0));

    /** A query, the kind of its refusal, and what the message says. */
    record Refused(String query, PromQlException.Kind kind, String message) {
        @Override
        public String toString() {
            return query.length() <= 60 ? query : query.substring(0, 60) + "... of " + query.length();
        }
    }

    static List<Refused> refused() {
        return List.of(
                badData("(".repeat(50_000) + "1" + ")".repeat(50_000), "expression nesting: more than 250 levels"),
                badData("-".repeat(50_000) + "1", "expression nesting"),
                badData("1" + "+1".repeat(50_000), "expression nesting"),
                badData("foo" + " or foo".repeat(15_000), "expression nesting"),
                badData("sum(".repeat(25_000) + "foo" + ")".repeat(25_000), "expression nesting"),
                badData("foo" + "[1m:1m]".repeat(10_000), "expression nesting"),
                badData("foo" + "[1m]".repeat(10_000), "ranges only allowed for vector selectors"),
                badData("foo[" + "(".repeat(100_000), "duration nesting: more than 250 levels"),
                badData("foo[1" + "+1".repeat(50_000) + "]", "duration nesting"),
                badData("foo[1" + "-(1-1)".repeat(20_000) + "]", "duration nesting"),
                badData("1+".repeat(1 << 20) + "1", "query: 2097153 characters (expected: at most 131072)"),
                badData(
                        "foo{" + "a=\"x\",".repeat(20_000) + "}",
                        "more than 2000 label matchers (expected: at most 2000)"),
                badData("foo{" + "a=~\".+x\",".repeat(10_000) + "}", "more than 2000 label matchers"),
                badData("info(foo,{" + "a=~\".+\",".repeat(10_000) + "})", "more than 2000 label matchers"),
                badData("abs(" + "foo,".repeat(30_000) + "foo)", "more than 1000 arguments (expected: at most 1000)"),
                badData("label_join(foo,\"x\",\"\"" + ",\"a\"".repeat(30_000) + ")", "more than 1000 arguments"),
                badData("9".repeat(100_000), "value out of range"),
                badData("0x" + "f".repeat(100_000), "value out of range"),
                badData("foo[999999999999999999y]", "duration out of range"),
                badData("foo[9999999y*99999999]", "duration out of range"),
                badData("foo[2^2^2^2^2^2]", "duration out of range"),
                badData("foo offset 293y", "duration out of range"),
                badData("foo @ 1e300", "timestamp out of bounds for @ modifier"),
                badData("foo @ Inf", "timestamp out of bounds for @ modifier"),
                badData("foo{a=~\"(a{1000}){1000}\"}", "invalid repeat count"),
                badData("foo{a=~\"(?i)" + "k".repeat(50_000) + "\"}", "more than 1000 characters in a row"),
                badData(
                        "foo{a=~\"" + "a?".repeat(30_000) + "\"}",
                        "expression too large, more than 20000 instructions"),
                badData("foo{a=~\"" + "(a)".repeat(30_000) + "\"}", "expression too large"),
                badData("foo{a=~\"" + "(".repeat(20_000) + "\"}", "nests too deeply"),
                badData("foo{a=~\"" + "a.|".repeat(30_000) + "\"}", "expression too large"),
                badData("nothing_of_this_name(foo)", "unknown function with name \"nothing_of_this_name\""),
                badData("{__name__=~\".*\"}", "vector selector must contain at least one non-empty matcher"),
                badData("{a=\"\"}", "vector selector must contain at least one non-empty matcher"),
                badData("{a!~\".+\"}", "vector selector must contain at least one non-empty matcher"),
                badData("{}", "vector selector must contain at least one non-empty matcher"),
                badData("\u0000", "unexpected character: '\\x00'"),
                badData("foo{a=\"\ud800\"}\ud800", "parse error"),
                execution("max_over_time(vector(1)[365d:1s])", "subquery: 31536000 steps (expected: at most 1000000)"),
                execution("max_over_time(foo[290y:1ms])", "steps (expected: at most 1000000)"),
                execution(
                        "max_over_time(max_over_time(max_over_time(vector(1)[11d:1s])[11d:1s])[11d:1s])",
                        "steps (expected: at most 1000000)"),
                execution("label_replace(foo,\"x\",\"\",\"a\",\"(a{1000}){1000}\")", "invalid regular expression"),
                execution("label_replace(foo,\"x\",\"\",\"a\",\"" + "a?".repeat(30_000) + "\")", "invalid regular"),
                execution(
                        "label_replace(".repeat(40) + "foo" + ",\"a\",\"$1$1\",\"a\",\"(.*)\")".repeat(40),
                        "value of label \"a\": more than 65536 characters (expected: at most 65536)"),
                execution(
                        "label_join(".repeat(40) + "foo" + ",\"a\",\"\",\"a\",\"a\")".repeat(40),
                        "label_join(): value of label \"a\": more than 65536 characters"),
                execution(
                        "label_join(foo,\"x\",\"" + "s".repeat(60_000) + "\"" + ",\"a\"".repeat(900) + ")",
                        "value of label \"x\": more than 65536 characters"),
                execution("topk(Inf, foo)", "overflows int64"),
                execution("foo + on(nothing) group_right foo", "found duplicate series for the match group"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedInLittleMemory(Refused refused) {
        long before = allocatedBytes();
        PromQlException failure = assertThrows(
                PromQlException.class, () -> ENGINE.instant(STORE, refused.query, 0, QueryOptions.DEFAULT));
        long allocated = allocatedBytes() - before;

        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains(refused.message), message);
        assertEquals(refused.kind, failure.kind());
        assertTrue(allocated < MAX_ALLOCATED_BYTES, allocated + " bytes");
    }

    static List<String> answered() {
        return List.of(
                "foo" + " or foo".repeat(200),
                "-".repeat(200) + "foo",
                "max_over_time(".repeat(8) + "vector(1)" + "[100m:1m])".repeat(8),
                "max_over_time(".repeat(100) + "vector(1)" + "[2m:1m])".repeat(100),
                "sum by (" + MANY_NAMES + ") (foo)",
                "foo * on(" + MANY_NAMES + ",a) group_left foo",
                "foo unless on(" + MANY_NAMES + ") foo",
                "foo + on(a) group_left("
                        + MANY_NAMES.substring(0, MANY_NAMES.length() / 2).replace("a", "b") + ") foo",
                "label_replace(foo,\"x\",\"" + "$1".repeat(50_000) + "\",\"a\",\"(.*)\")",
                "label_replace(foo,\"" + "n".repeat(100_000) + "\",\"x\",\"a\",\".*\")",
                "topk(1e18, foo)",
                "bottomk(-1e18, foo)",
                "limitk(1e18, foo)",
                "count_over_time(foo[292y])",
                "rate(foo[290y] @ -8.9e12 offset 290y)",
                "foo offset -290y",
                "foo @ 8.9e12 offset -290y",
                "sum_over_time(foo[290y:290y] offset -290y)",
                "predict_linear(foo[5m], 1e308)",
                "year(vector(1e308)) + day_of_month(vector(-1e308))",
                "round(foo, 1e-320)",
                "absent(nothing{" + MANY_NAMES.substring(0, 8_000).replace(",", "=\"x\",") + "=\"x\"})",
                "0." + "0".repeat(100_000) + "1",
                " ".repeat(100_000) + "1",
                "#\n".repeat(60_000) + "1",
                "\"" + "\\n".repeat(60_000) + "\"",
                "{__name__=~\"foo|" + MANY_NAMES.replace(",", "|") + "\"}");
    }

    @ParameterizedTest
    @MethodSource("answered")
    void isAnsweredInLittleMemory(String query) {
        long before = allocatedBytes();
        ENGINE.instant(STORE, query, 0, QueryOptions.DEFAULT);
        long allocated = allocatedBytes() - before;

        assertTrue(allocated < MAX_ALLOCATED_BYTES, allocated + " bytes");
    }

    @Test
    void valuesThatAreOtherAtEachStepAreCountedInLittleMemory() {
        long before = allocatedBytes();
        MatrixValue counts = (MatrixValue)
                ENGINE.range(STORE, "count_values(\"v\", vector(time()))", 0, 1_000_000, 1000, QueryOptions.DEFAULT)
                        .value();
        long allocated = allocatedBytes() - before;

        assertEquals(1001, counts.series().size());
        assertTrue(allocated < MAX_ALLOCATED_BYTES, allocated + " bytes");
    }

    private static Refused badData(String query, String message) {
        return new Refused(query, PromQlException.Kind.BAD_DATA, message);
    }

    private static Refused execution(String query, String message) {
        return new Refused(query, PromQlException.Kind.EXECUTION, message);
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
