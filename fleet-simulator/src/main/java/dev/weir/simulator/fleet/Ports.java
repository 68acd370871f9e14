package dev.weir.simulator.fleet;

import java.io.IOException;

/** Opens and closes the addresses that pods are reached at. */
public interface Ports {
    /** Opens a new port for a pod. */
    int open() throws IOException;

    /** Opens this very port again. */
    void reopen(int port) throws IOException;

    /** Closes a port and every connection to it; from its return on, the port refuses connections. */
    void close(int port);
}
