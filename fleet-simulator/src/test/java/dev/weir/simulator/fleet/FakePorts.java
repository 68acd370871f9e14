package dev.weir.simulator.fleet;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/** Ports that exist on paper only, numbered from 10000. */
final class FakePorts implements Ports {
    final Set<Integer> open = new TreeSet<>();
    boolean refusing;
    private int next = 10_000;

    @Override
    public int open() throws IOException {
        refuse();
        open.add(next);
        return next++;
    }

    @Override
    public void reopen(int port) throws IOException {
        refuse();
        open.add(port);
    }

    @Override
    public void close(int port) {
        open.remove(port);
    }

    private void refuse() throws IOException {
        if (refusing) {
            throw new IOException("taken");
        }
    }
}
