package dev.weir.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** CPU time of a process, as Linux tells it in {@code /proc/PID/stat}. */
public final class ProcessCpu {
    /** {@code USER_HZ}, which is 100 on every architecture that runs a JVM. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_FIELD = 11;
    private static final int SYSTEM_FIELD = 12;

    private static final Pattern COMPILER = Pattern.compile("^[0-9]+ \\(C[12] Compiler");

    private ProcessCpu() {}

    /** User and system time of all threads, those included that have ended. */
    public static double seconds(long pid) throws IOException {
        return seconds(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    }

    /** User and system time of the JVM's compilers, whose threads stay as long as there is one of a kind. */
    public static double compilerSeconds(long pid) throws IOException {
        double seconds = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if (COMPILER.matcher(stat).find()) {
                    seconds += seconds(stat);
                }
            }
        }
        return seconds;
    }

    private static double seconds(String stat) {
        // The second field is the program's name in brackets and may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[SYSTEM_FIELD])) / TICKS_PER_SECOND;
    }
}
