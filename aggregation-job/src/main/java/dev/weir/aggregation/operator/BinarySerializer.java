package dev.weir.aggregation.operator;

import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.aggregation.request.RecentIds;
import dev.weir.aggregation.request.RequestReport;
import dev.weir.aggregation.scrape.TargetState;
import dev.weir.aggregation.state.StateIo;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A serializer over a type's own {@code write} and {@code read}, which carry the version of what is stored. Records are
 * immutable and shared; states are copied.
 */
abstract class BinarySerializer<T> extends TypeSerializerSingleton<T> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public T createInstance() {
        throw new UnsupportedOperationException("no instance without content");
    }

    @Override
    public T copy(T from) {
        return from;
    }

    @Override
    public T copy(T from, T reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    static final class OfInboundRecord extends BinarySerializer<InboundRecord> {
        private static final long serialVersionUID = 1;
        static final OfInboundRecord INSTANCE = new OfInboundRecord();

        @Override
        public void serialize(InboundRecord record, DataOutputView target) throws IOException {
            record.write(target);
        }

        @Override
        public InboundRecord deserialize(DataInputView source) throws IOException {
            return InboundRecord.read(source);
        }

        @Override
        public TypeSerializerSnapshot<InboundRecord> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Version 1. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<InboundRecord> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }

    static final class OfRoutedScrape extends BinarySerializer<RoutedScrape> {
        private static final long serialVersionUID = 1;
        static final OfRoutedScrape INSTANCE = new OfRoutedScrape();

        @Override
        public void serialize(RoutedScrape record, DataOutputView target) throws IOException {
            record.write(target);
        }

        @Override
        public RoutedScrape deserialize(DataInputView source) throws IOException {
            return RoutedScrape.read(source);
        }

        @Override
        public TypeSerializerSnapshot<RoutedScrape> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Version 1. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<RoutedScrape> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }

    static final class OfLanedReport extends BinarySerializer<LanedReport> {
        private static final long serialVersionUID = 1;
        static final OfLanedReport INSTANCE = new OfLanedReport();

        @Override
        public void serialize(LanedReport record, DataOutputView target) throws IOException {
            record.write(target);
        }

        @Override
        public LanedReport deserialize(DataInputView source) throws IOException {
            return LanedReport.read(source);
        }

        @Override
        public TypeSerializerSnapshot<LanedReport> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Version 1. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<LanedReport> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }

    static final class OfSeriesRecord extends BinarySerializer<SeriesRecord> {
        private static final long serialVersionUID = 1;
        static final OfSeriesRecord INSTANCE = new OfSeriesRecord();

        @Override
        public void serialize(SeriesRecord record, DataOutputView target) throws IOException {
            target.writeInt(record.lane());
            StateIo.writeBytes(target, record.key());
            StateIo.writeBytes(target, record.value());
        }

        @Override
        public SeriesRecord deserialize(DataInputView source) throws IOException {
            return new SeriesRecord(source.readInt(), StateIo.readBytes(source), StateIo.readBytes(source));
        }

        @Override
        public TypeSerializerSnapshot<SeriesRecord> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Version 1. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<SeriesRecord> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }

    static final class OfTargetState extends BinarySerializer<TargetState> {
        private static final long serialVersionUID = 1;
        static final OfTargetState INSTANCE = new OfTargetState();

        @Override
        public boolean isImmutableType() {
            return false;
        }

        @Override
        public TargetState copy(TargetState from) {
            return from.copy();
        }

        @Override
        public void serialize(TargetState state, DataOutputView target) throws IOException {
            state.write(target);
        }

        @Override
        public TargetState deserialize(DataInputView source) throws IOException {
            return TargetState.read(source);
        }

        @Override
        public TypeSerializerSnapshot<TargetState> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Version 1; the state's own version stands inside it. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<TargetState> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }

    /** Names, in one piece: Flink's own writes a character at a time through the streams of a checkpoint. */
    static final class OfName extends BinarySerializer<String> {
        private static final long serialVersionUID = 1;
        static final OfName INSTANCE = new OfName();

        @Override
        public void serialize(String name, DataOutputView target) throws IOException {
            StateIo.writeString(target, name);
        }

        @Override
        public String deserialize(DataInputView source) throws IOException {
            return StateIo.readString(source);
        }

        @Override
        public TypeSerializerSnapshot<String> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Version 1. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<String> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }

    /** Bytes that nobody changes; so the heap backend need not copy them. */
    static final class OfEntry extends BinarySerializer<byte[]> {
        private static final long serialVersionUID = 1;
        static final OfEntry INSTANCE = new OfEntry();

        @Override
        public void serialize(byte[] entry, DataOutputView target) throws IOException {
            StateIo.writeBytes(target, entry);
        }

        @Override
        public byte[] deserialize(DataInputView source) throws IOException {
            return StateIo.readBytes(source);
        }

        @Override
        public TypeSerializerSnapshot<byte[]> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Version 1; the lane's own version stands in its first entry. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<byte[]> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }

    static final class OfRequestReport extends BinarySerializer<RequestReport> {
        private static final long serialVersionUID = 1;
        static final OfRequestReport INSTANCE = new OfRequestReport();

        @Override
        public void serialize(RequestReport value, DataOutputView target) throws IOException {
            value.write(target);
        }

        @Override
        public RequestReport deserialize(DataInputView source) throws IOException {
            return RequestReport.read(source);
        }

        @Override
        public TypeSerializerSnapshot<RequestReport> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Version 1. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<RequestReport> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }

    static final class OfLanedRequest extends BinarySerializer<LanedRequest> {
        private static final long serialVersionUID = 1;
        static final OfLanedRequest INSTANCE = new OfLanedRequest();

        @Override
        public void serialize(LanedRequest value, DataOutputView target) throws IOException {
            target.writeInt(value.lane());
            value.report().write(target);
        }

        @Override
        public LanedRequest deserialize(DataInputView source) throws IOException {
            return new LanedRequest(source.readInt(), RequestReport.read(source));
        }

        @Override
        public TypeSerializerSnapshot<LanedRequest> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Version 1. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<LanedRequest> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }

    static final class OfRecentIds extends BinarySerializer<RecentIds> {
        private static final long serialVersionUID = 1;
        static final OfRecentIds INSTANCE = new OfRecentIds();

        @Override
        public boolean isImmutableType() {
            return false;
        }

        @Override
        public RecentIds copy(RecentIds from) {
            return from.copy();
        }

        @Override
        public void serialize(RecentIds value, DataOutputView target) throws IOException {
            value.write(target);
        }

        @Override
        public RecentIds deserialize(DataInputView source) throws IOException {
            return RecentIds.read(source);
        }

        @Override
        public TypeSerializerSnapshot<RecentIds> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Version 1. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<RecentIds> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }
}
