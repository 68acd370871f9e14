package dev.weir.queryserver.remotewrite;

import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import java.util.Locale;

/** The versions of remote write, and how a request's headers name one. */
enum WriteProtocol {
    V1("prometheus.WriteRequest"),
    V2("io.prometheus.write.v2.Request");

    private static final String PROTOBUF = "application/x-protobuf";
    private static final String SNAPPY = "snappy";
    private static final String MESSAGE_PARAMETER = "proto";

    private final String message;

    WriteProtocol(String message) {
        this.message = message;
    }

    /** The protobuf message of a request. */
    String message() {
        return message;
    }

    /**
     * What the headers say. Missing ones are taken as 1.0 in snappy, as old senders leave them out.
     *
     * @param contentType "" if there is none
     * @param contentEncoding "" if there is none
     * @throws InvalidWriteException of {@link Reason#MEDIA_TYPE} if they name anything else
     */
    static WriteProtocol of(String contentType, String contentEncoding) throws InvalidWriteException {
        if (!contentEncoding.isEmpty() && !contentEncoding.strip().equalsIgnoreCase(SNAPPY)) {
            throw new InvalidWriteException(
                    Reason.MEDIA_TYPE, "content encoding: \"" + contentEncoding + "\" (expected: snappy)");
        }
        if (contentType.isEmpty()) {
            return V1;
        }
        String[] parts = contentType.split(";", -1);
        if (!parts[0].strip().equalsIgnoreCase(PROTOBUF)) {
            throw unknown(contentType);
        }
        WriteProtocol protocol = null;
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).strip();
            if (name.toLowerCase(Locale.ROOT).equals(MESSAGE_PARAMETER)) {
                String value = equals < 0
                        ? ""
                        : unquoted(parts[i].substring(equals + 1).strip());
                if (protocol != null) {
                    throw unknown(contentType);
                }
                protocol = ofMessage(value, contentType);
            }
        }
        return protocol == null ? V1 : protocol;
    }

    private static WriteProtocol ofMessage(String message, String contentType) throws InvalidWriteException {
        for (WriteProtocol protocol : values()) {
            if (protocol.message.equals(message)) {
                return protocol;
            }
        }
        throw unknown(contentType);
    }

    private static String unquoted(String text) {
        boolean isQuoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return isQuoted ? text.substring(1, text.length() - 1) : text;
    }

    private static InvalidWriteException unknown(String contentType) {
        return new InvalidWriteException(
                Reason.MEDIA_TYPE,
                "content type: \"" + contentType + "\" (expected: application/x-protobuf, alone, with proto="
                        + V1.message + " or with proto=" + V2.message + ")");
    }
}
