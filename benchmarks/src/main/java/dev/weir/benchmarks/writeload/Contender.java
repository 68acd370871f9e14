package dev.weir.benchmarks.writeload;

import dev.weir.benchmarks.sidebyside.HttpApi;
import dev.weir.benchmarks.sidebyside.JvmMemory;
import dev.weir.benchmarks.sidebyside.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server that runs, and what it is measured by. */
abstract class Contender implements AutoCloseable {
    private final Server server;
    private final HttpApi api;

    /** A server that was just started. */
    private Contender(Server server) throws IOException, InterruptedException {
        this.server = server;
        this.api = new HttpApi(server);
        api.awaitReady();
    }

    static Contender weir(Path program, Path directory) throws IOException, InterruptedException {
        return new Contender(Server.weir(program, directory)) {
            /** Live heap, and what is in memory outside the heap. */
            @Override
            long memoryBytes() throws IOException, InterruptedException {
                long pid = server().pid();
                return JvmMemory.liveHeapBytes(pid, directory.resolve("heap")) + JvmMemory.outsideHeapBytes(pid);
            }

            /** When it is asked to end it moves what is in memory to blocks. */
            @Override
            long diskBytes() throws IOException {
                server().stop();
                return bytesBelow(server().data());
            }
        };
    }

    static Contender prometheus(Path program, Path directory) throws IOException, InterruptedException {
        return new Contender(Server.prometheus(program, directory)) {
            /** A snapshot is all its blocks, with what is in memory as one more. */
            @Override
            long diskBytes() throws IOException, InterruptedException {
                api().post("/api/v1/admin/tsdb/snapshot");
                return bytesBelow(server().data().resolve("snapshots"));
            }
        };
    }

    static Contender victoriaMetrics(Path program, Path directory) throws IOException, InterruptedException {
        return new Contender(Server.victoriaMetrics(program, directory)) {
            /** It merges in the background; what is left when it ends, less its caches, is all it keeps. */
            @Override
            long diskBytes() throws IOException, InterruptedException {
                api().settle();
                server().stop();
                return bytesBelow(server().data()) - bytesBelow(server().data().resolve("cache"));
            }
        };
    }

    /** Memory in use now; what the process says of itself, unless something better is known. */
    long memoryBytes() throws IOException, InterruptedException {
        Matcher resident = Pattern.compile("^process_resident_memory_bytes (\\S+)$", Pattern.MULTILINE)
                .matcher(api.text("/metrics"));
        if (!resident.find()) {
            throw new IOException(server.name() + ": no process_resident_memory_bytes at /metrics (expected: one)");
        }
        return (long) Double.parseDouble(resident.group(1));
    }

    /** What its data take on disk when all of them are as small as it makes them. The last thing asked of it. */
    abstract long diskBytes() throws IOException, InterruptedException;

    final String name() {
        return server.name();
    }

    final Server server() {
        return server;
    }

    final HttpApi api() {
        return api;
    }

    @Override
    public void close() {
        server.close();
    }

    private static long bytesBelow(Path directory) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
