package dev.weir.benchmarks.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the job and its broker have on disk. */
final class StoredBytes {
    private StoredBytes() {}

    /** Of the log of a topic, as it is stored. */
    static long topic(Path kafka, String topic) throws IOException {
        return bytes(
                kafka,
                file -> file.toString().endsWith(".log")
                        && String.valueOf(file.getParent()).contains(topic + "-"));
    }

    /** Of the newest checkpoint that is complete. */
    static long checkpoint(Path checkpoints) throws IOException {
        try (Stream<Path> files = Files.walk(checkpoints)) {
            Path newest = files.filter(file -> file.getFileName().toString().startsWith("chk-"))
                    .filter(file -> Files.exists(file.resolve("_metadata")))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .orElse(checkpoints);
            return bytes(newest, file -> true);
        }
    }

    private static long bytes(Path directory, Predicate<Path> counts) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(counts)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
