package dev.weir.simulator;

import dev.weir.simulator.fleet.Fleet;
import dev.weir.simulator.http.FleetServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running simulated fleet. Every pod answers {@code /metrics} on its own port, the targets file tells which there are, and the
 * admin port tells the truth. Thread-safe.
 */
public final class FleetSimulator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FleetSimulator.class);
    private static final long TICK_MS = 50;

    private final FleetServer server;
    private final Fleet fleet;
    private final String host;
    private final @Nullable Thread ticker;

    private FleetSimulator(FleetServer server, Fleet fleet, String host, boolean background) {
        this.server = server;
        this.fleet = fleet;
        this.host = host;
        this.ticker = background ? new Thread(this::tick, "simulated-fleet") : null;
    }

    /**
     * Starts a fleet; on return every pod answers and the targets file is written.
     *
     * @throws IOException if a port or the targets file cannot be had
     */
    public static FleetSimulator start(FleetOptions options) throws IOException {
        FleetServer server =
                new FleetServer(options.host(), options.basePort(), options.adminPort(), options.bearerToken());
        try {
            Fleet fleet = new Fleet(options.plan(), server.ports());
            server.serve(fleet);
            FleetSimulator simulator = new FleetSimulator(server, fleet, options.host(), options.background());
            if (simulator.ticker != null) {
                simulator.ticker.setDaemon(true);
                simulator.ticker.start();
            }
            return simulator;
        } catch (UncheckedIOException e) {
            server.close();
            throw new IOException(e.getMessage(), e);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Where {@code /truth} and {@code /control} are. */
    public URI adminUri() {
        return URI.create("http://" + host + ":" + server.adminPort());
    }

    /** Brings about every start and end of a pod that is due by the clock. */
    public void settle() {
        fleet.settle();
    }

    /** Stops the load and completes what is in flight: from its return on, no count changes. */
    public void freeze() {
        fleet.freeze();
    }

    /** Lets the load go on. */
    public void resume() {
        fleet.resume();
    }

    /** Closes every port. */
    @Override
    public void close() {
        if (ticker != null) {
            ticker.interrupt();
            try {
                ticker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        server.close();
    }

    private void tick() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    fleet.settle();
                } catch (RuntimeException e) {
                    LOG.error("the simulated fleet could not be brought up to date, trying again", e);
                }
                Thread.sleep(TICK_MS);
            }
        } catch (InterruptedException e) {
            LOG.debug("the simulated fleet stops");
        }
    }
}
