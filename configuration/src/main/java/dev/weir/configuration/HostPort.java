package dev.weir.configuration;

import java.io.Serializable;

/** A host (name or address, IPv6 without brackets) and a port; 0 lets the system choose one. */
public record HostPort(String host, int port) implements Serializable {
    public HostPort {
        if (host.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("address \"" + host + ":" + port + "\" (expected: host:port)");
        }
    }

    /**
     * The address that {@code text} says, such as {@code 127.0.0.1:9095} or {@code [::1]:9095}.
     *
     * @throws IllegalArgumentException if it says none
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            host = "";
        }
        String port = text.substring(colon + 1);
        if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException(
                    "address \"" + text + "\" (expected: host:port, such as 127.0.0.1:9095)");
        }
        return new HostPort(host, Integer.parseInt(port));
    }

    /** Whether only this machine can reach the address; decided by its text, without a name look-up. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
