package dev.weir.queryserver.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far a connection's request has come. */
enum Phase {
    /** Nothing of the next one is there. */
    IDLE(""),
    HEADERS("maxHeaderTime"),
    BODY("maxBodyTime"),
    SERVED(""),
    SENDING("maxSendTime");

    private final String limitName;

    Phase(String limitName) {
        this.limitName = limitName;
    }

    /** Names how long it may take; "" if the client does not decide that. */
    String limitName() {
        return limitName;
    }

    @Nullable
    Duration limit(ConnectionLimits limits) {
        return switch (this) {
            case HEADERS -> limits.maxHeaderTime();
            case BODY -> limits.maxBodyTime();
            case SENDING -> limits.maxSendTime();
            default -> null;
        };
    }
}
