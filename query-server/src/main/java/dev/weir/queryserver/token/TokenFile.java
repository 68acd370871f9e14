package dev.weir.queryserver.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The tokens on disk: a text file, a line each, replaced whole. Several processes may change it: each change is made under
 * a lock on a file beside it.
 */
final class TokenFile {
    /** More would make each change slow, since the file is written whole. */
    static final int MAX_TOKENS = 10_000;

    private static final String HEADER = "weir-tokens\t1";
    private static final String NEVER = "-";
    private static final int FIELDS = 7;

    /** A file's lock is a process', so its threads need one of their own. */
    private static final Object IN_THIS_PROCESS = new Object();

    private final Path file;

    TokenFile(Path directory) {
        this.file = directory.resolve("tokens");
    }

    /** Tells one state of the file from another; equal while nobody replaces it. */
    record Version(@Nullable Object fileKey, long modifiedMillis, long sizeBytes) {
        static final Version ABSENT = new Version(null, 0, 0);
    }

    Version version() throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(
                    attributes.fileKey(), attributes.lastModifiedTime().toMillis(), attributes.size());
        } catch (NoSuchFileException e) {
            return Version.ABSENT;
        }
    }

    /** @throws IOException naming the file and its line if it cannot be understood */
    List<Token> read() throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            throw new IOException(file + ": line 1 (expected: \"" + HEADER + "\")");
        }
        List<Token> tokens = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            try {
                tokens.add(parse(lines.get(i)));
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new IOException(file + ": line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return tokens;
    }

    /** Replaces the tokens by what {@code change} makes of them, while nobody else does. */
    void change(UnaryOperator<List<Token>> change) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + ": in no directory");
        }
        Files.createDirectories(directory);
        synchronized (IN_THIS_PROCESS) {
            try (FileChannel channel = FileChannel.open(
                    directory.resolve("tokens.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                FileLock lock = channel.lock();
                write(change.apply(read()));
                lock.release();
            }
        }
    }

    private void write(List<Token> tokens) throws IOException {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        tokens.forEach(token -> text.append(format(token)).append('\n'));
        Path next = file.resolveSibling("tokens.next");
        Files.deleteIfExists(next);
        if (next.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String format(Token token) {
        Instant expires = token.expires();
        return String.join(
                "\t",
                token.id(),
                token.project(),
                token.scope().text(),
                token.secretHash(),
                token.created().toString(),
                expires == null ? NEVER : expires.toString(),
                token.description());
    }

    private static Token parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException(fields.length + " fields (expected: " + FIELDS + ")");
        }
        return new Token(
                fields[0],
                fields[1],
                TokenScope.of(fields[2]),
                fields[3],
                Instant.parse(fields[4]),
                fields[5].equals(NEVER) ? null : Instant.parse(fields[5]),
                fields[6]);
    }
}
