package dev.weir.queryserver.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in a directory of segment files, oldest first. What {@link #flush} returned from is there after the sudden end
 * of the process or the machine; what it threw on is not there, as far as the file system allows. Not thread-safe.
 *
 * <p>{@link #replay} before the first append. Every process begins a segment of its own, so an old one is never written
 * again, only deleted.
 */
public final class SegmentedLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentedLog.class);

    /** First bytes of a segment; the digit is the version of its layout. */
    private static final byte[] FILE_HEADER = "WEIRLOG1".getBytes(StandardCharsets.US_ASCII);

    private static final String SUFFIX = ".log";

    private final Path directory;
    private final SegmentFiles files;

    /** Size in bytes by number, of every segment there is. */
    private final TreeMap<Long, Long> segments = new TreeMap<>();

    private final List<ByteBuffer> unflushed = new ArrayList<>();
    private long unflushedBytes;
    private SegmentFiles.@Nullable SegmentFile current;
    private long currentNumber;
    private long currentBytes;

    private SegmentedLog(Path directory, SegmentFiles files) {
        this.directory = directory;
        this.files = files;
    }

    /** Takes a payload as it was appended. */
    @FunctionalInterface
    public interface RecordConsumer {
        void accept(long segment, byte[] payload) throws IOException, InterruptedException;
    }

    /**
     * What a replay found.
     *
     * @param damages places where bytes are damaged or cut off
     * @param damagedBytes bytes in the middle that belong to no undamaged record
     * @param tornBytes bytes of a record whose writing was cut off
     */
    public record Replayed(long records, long bytes, long damages, long damagedBytes, long tornBytes) {}

    /**
     * The log in {@code directory}, which is created if missing, less the segments up to {@code forgottenThrough}, which
     * nobody needs any more.
     */
    public static SegmentedLog open(Path directory, SegmentFiles files, long forgottenThrough) throws IOException {
        Files.createDirectories(directory);
        SegmentedLog log = new SegmentedLog(directory, files);
        try (Stream<Path> paths = Files.list(directory)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = path.getFileName().toString();
                if (name.matches("\\d{1,18}\\" + SUFFIX)) {
                    log.segments.put(
                            Long.parseLong(name.substring(0, name.length() - SUFFIX.length())), Files.size(path));
                }
            }
        }
        for (long number :
                List.copyOf(log.segments.headMap(forgottenThrough, true).keySet())) {
            log.delete(number);
        }
        log.currentNumber = log.segments.isEmpty() ? forgottenThrough : log.segments.lastKey();
        return log;
    }

    /**
     * Gives every undamaged record to {@code consumer}, in the order of writing. A torn end of the newest segment is cut
     * off; damage elsewhere is logged with file and offset, and passed over.
     */
    public Replayed replay(RecordConsumer consumer) throws IOException, InterruptedException {
        Replayed sum = new Replayed(0, 0, 0, 0, 0);
        int done = 0;
        for (long number : new ArrayList<>(segments.keySet())) {
            boolean isLast = number == segments.lastKey();
            Replayed one = replaySegment(number, isLast, consumer);
            sum = new Replayed(
                    sum.records + one.records,
                    sum.bytes + one.bytes,
                    sum.damages + one.damages,
                    sum.damagedBytes + one.damagedBytes,
                    sum.tornBytes + one.tornBytes);
            done++;
            if (done % 16 == 0 && !isLast) {
                LOG.info("Reading the log: {} of {} segments, {} MiB", done, segments.size(), sum.bytes >> 20);
            }
        }
        return sum;
    }

    /** Starts a segment; whatever was appended before stays in the segment before. */
    public void startSegment() throws IOException {
        closeCurrent();
        long number = currentNumber + 1;
        SegmentFiles.SegmentFile file = files.create(path(number));
        currentNumber = number;
        current = file;
        currentBytes = 0;
        segments.put(number, 0L);
        try {
            file.append(ByteBuffer.wrap(FILE_HEADER));
            currentBytes = FILE_HEADER.length;
            segments.put(number, currentBytes);
            syncDirectory();
        } catch (IOException e) {
            closeCurrent();
            segments.remove(number);
            Files.deleteIfExists(path(number));
            throw e;
        }
    }

    /** Whether records can be appended; if not, {@link #startSegment} first. */
    public boolean isWritable() {
        return current != null;
    }

    public long currentSegment() {
        return currentNumber;
    }

    public long currentSegmentBytes() {
        return currentBytes;
    }

    public long totalBytes() {
        long bytes = 0;
        for (long one : segments.values()) {
            bytes += one;
        }
        return bytes;
    }

    /** Numbers of the segments, ascending. */
    public List<Long> segments() {
        return List.copyOf(segments.keySet());
    }

    public boolean hasUnflushed() {
        return !unflushed.isEmpty();
    }

    /** Adds a record, which becomes durable with the next {@link #flush}. */
    public void append(byte[] payload) {
        unflushed.add(RecordFrame.header(payload, payload.length));
        unflushed.add(ByteBuffer.wrap(payload));
        unflushedBytes += RecordFrame.HEADER_BYTES + payload.length;
    }

    /**
     * Returns once all records appended are durable. If it throws, none of them is kept, and no more can be appended until
     * {@link #startSegment}.
     */
    public void flush() throws IOException {
        SegmentFiles.SegmentFile file = current;
        try {
            if (file == null) {
                throw new IOException("no segment to write to in " + directory);
            }
            file.append(unflushed.toArray(new ByteBuffer[0]));
            file.force();
            currentBytes += unflushedBytes;
            segments.put(currentNumber, currentBytes);
        } catch (IOException e) {
            discardTail(e);
            throw e;
        } finally {
            unflushed.clear();
            unflushedBytes = 0;
        }
    }

    /** Forgets the records appended since the last flush; {@link #startSegment} before the next. */
    public void abandon() {
        unflushed.clear();
        unflushedBytes = 0;
        closeCurrent();
    }

    /** Deletes a segment other than the current one. */
    public void delete(long segment) throws IOException {
        Files.deleteIfExists(path(segment));
        segments.remove(segment);
    }

    @Override
    public void close() {
        closeCurrent();
    }

    private void discardTail(IOException cause) {
        SegmentFiles.SegmentFile file = current;
        if (file == null) {
            return;
        }
        try {
            file.truncate(currentBytes);
            file.force();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        closeCurrent();
    }

    private void closeCurrent() {
        SegmentFiles.SegmentFile file = current;
        current = null;
        if (file == null) {
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("Closing {} failed: {}", path(currentNumber), e.toString());
        }
    }

    /** A new file's name survives only once its directory is forced too. */
    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Replayed replaySegment(long number, boolean isLast, RecordConsumer consumer)
            throws IOException, InterruptedException {
        Path path = path(number);
        ByteBuffer bytes = read(path);
        long records = 0;
        long damaged = 0;
        long damages = isHeaderWhole(bytes, path) ? 0 : 1;
        int position = Math.min(bytes.limit(), FILE_HEADER.length);
        while (position < bytes.limit()) {
            int length = RecordFrame.payloadLengthAt(bytes, position);
            if (length >= 0) {
                byte[] payload = new byte[length];
                bytes.get(position + RecordFrame.HEADER_BYTES, payload);
                consumer.accept(number, payload);
                records++;
                position += RecordFrame.HEADER_BYTES + length;
                continue;
            }
            int next = RecordFrame.nextRecord(bytes, position + 1);
            if (next == bytes.limit() && isLast) {
                return cutTornEnd(
                        path, number, position, new Replayed(records, position, damages + 1, damaged, next - position));
            }
            LOG.warn(
                    "Log segment {}: {} bytes from byte {} on are damaged and left out",
                    path,
                    next - position,
                    position);
            damages++;
            damaged += next - position;
            position = next;
        }
        return new Replayed(records, bytes.limit(), damages, damaged, 0);
    }

    private Replayed cutTornEnd(Path path, long number, int goodBytes, Replayed result) throws IOException {
        LOG.warn(
                "Log segment {}: its last {} bytes are of an unfinished write and cut off at byte {}",
                path,
                result.tornBytes,
                goodBytes);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(goodBytes);
            channel.force(true);
        }
        segments.put(number, (long) goodBytes);
        return result;
    }

    /** A damaged header is passed over like any other damage. One that ends early is of a segment that was just begun. */
    private static boolean isHeaderWhole(ByteBuffer bytes, Path path) {
        byte[] header = new byte[Math.min(bytes.limit(), FILE_HEADER.length)];
        bytes.get(0, header);
        if (!Arrays.equals(header, Arrays.copyOf(FILE_HEADER, header.length))) {
            LOG.warn("Log segment {}: {} bytes from byte 0 on are damaged (expected: WEIRLOG1)", path, header.length);
            return false;
        }
        return true;
    }

    private static ByteBuffer read(Path path) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Path path(long number) {
        return directory.resolve(String.format("%012d%s", number, SUFFIX));
    }
}
