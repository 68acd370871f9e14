package dev.weir.benchmarks.sidebyside;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Memory of another JVM on this machine, as its own {@code jcmd} and the system tell it. */
public final class JvmMemory {
    /** The last line of {@code jcmd GC.class_histogram}: objects, then bytes. */
    private static final Pattern LIVE = Pattern.compile("^Total +[0-9]+ +([0-9]+)", Pattern.MULTILINE);

    /** The heap's addresses in {@code jcmd GC.heap_info}: where it begins, what may stand between, where it ends. */
    private static final Pattern HEAP = Pattern.compile("\\[0x([0-9a-f]+),[^)]*0x([0-9a-f]+)\\)");

    /** In {@code jcmd PerfCounter.print}; the second collector is the one that collects all, whichever is in use. */
    private static final Pattern FULL_COLLECTIONS =
            Pattern.compile("^sun\\.gc\\.collector\\.1\\.invocations=([0-9]+)", Pattern.MULTILINE);

    /** A collection is left out while native code holds an array, which is for a moment only. */
    private static final int MAX_LOOKS = 20;

    private static final Pattern MAPPING = Pattern.compile("^([0-9a-f]+)-[0-9a-f]+ .*");
    private static final Pattern RESIDENT = Pattern.compile("^Rss: +([0-9]+) kB");
    private static final int HEX = 16;

    private JvmMemory() {}

    /**
     * What a full collection leaves on the heap, which it makes; by class in {@code details}.
     *
     * @throws IOException if the JVM gives no histogram, or leaves the collection out each time
     */
    public static long liveHeapBytes(long pid, Path details) throws IOException, InterruptedException {
        for (int look = 0; look < MAX_LOOKS; look++) {
            long before = fullCollections(pid);
            String text = jcmd(pid, "GC.class_histogram");
            if (fullCollections(pid) > before) {
                Files.writeString(details, text);
                return Long.parseLong(find(LIVE, text, "a histogram").group(1));
            }
        }
        throw new IOException("jcmd: " + MAX_LOOKS + " histograms without a full collection (expected: one with)");
    }

    private static long fullCollections(long pid) throws IOException, InterruptedException {
        return Long.parseLong(find(FULL_COLLECTIONS, jcmd(pid, "PerfCounter.print"), "the count of full collections")
                .group(1));
    }

    /** What is in memory beside the heap: code, classes, stacks, buffers, and mapped files as far as they were touched. */
    public static long outsideHeapBytes(long pid) throws IOException, InterruptedException {
        Matcher heap = find(HEAP, jcmd(pid, "GC.heap_info"), "the heap's addresses");
        BigInteger heapFrom = new BigInteger(heap.group(1), HEX);
        BigInteger heapTo = new BigInteger(heap.group(2), HEX);
        List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps"));
        long kib = 0;
        boolean isHeap = false;
        for (String line : lines) {
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                BigInteger at = new BigInteger(mapping.group(1), HEX);
                isHeap = at.compareTo(heapFrom) >= 0 && at.compareTo(heapTo) < 0;
            }
            Matcher resident = RESIDENT.matcher(line);
            if (!isHeap && resident.find()) {
                kib += Long.parseLong(resident.group(1));
            }
        }
        return kib << 10;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(program, Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    private static Matcher find(Pattern pattern, String text, String what) throws IOException {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IOException("jcmd: " + text.lines().findFirst().orElse("nothing") + " (expected: " + what + ")");
        }
        return found;
    }
}
