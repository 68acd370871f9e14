package dev.weir.delivery;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.IOException;

/**
 * How much an encoded write request holds, read off its framing without building its messages.
 *
 * @param series time series in it
 * @param samples their samples and native histograms
 */
record RequestShape(int series, int samples) {
    /**
     * The shape of {@code writeRequest}.
     *
     * @throws InvalidProtocolBufferException if the bytes are no write request
     */
    static RequestShape of(byte[] writeRequest) throws InvalidProtocolBufferException {
        CodedInputStream in = CodedInputStream.newInstance(writeRequest);
        int series = 0;
        int samples = 0;
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == lengthDelimited(WriteRequest.TIMESERIES_FIELD_NUMBER)) {
                    series++;
                    samples += samplesOf(in);
                } else {
                    requireField(tag, in);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
        return new RequestShape(series, samples);
    }

    /** Samples and native histograms of a decoded request. */
    static int samplesOf(WriteRequest request) {
        int samples = 0;
        for (TimeSeries series : request.getTimeseriesList()) {
            samples += series.getSamplesCount() + series.getHistogramsCount();
        }
        return samples;
    }

    private static int samplesOf(CodedInputStream in) throws IOException {
        int length = in.readRawVarint32();
        int limit = in.pushLimit(length);
        int samples = 0;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (tag == lengthDelimited(TimeSeries.SAMPLES_FIELD_NUMBER)
                    || tag == lengthDelimited(TimeSeries.HISTOGRAMS_FIELD_NUMBER)) {
                samples++;
            }
            requireField(tag, in);
        }
        in.popLimit(limit);
        return samples;
    }

    private static void requireField(int tag, CodedInputStream in) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group's end without its start");
        }
    }

    private static int lengthDelimited(int fieldNumber) {
        return fieldNumber << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
}
