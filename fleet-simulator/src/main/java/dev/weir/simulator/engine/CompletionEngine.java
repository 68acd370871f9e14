package dev.weir.simulator.engine;

import java.util.PriorityQueue;

/** An engine whose requests show when they arrive and when they end, and not between. */
abstract class CompletionEngine extends RequestEngine {
    private final PriorityQueue<Flight> flights = new PriorityQueue<>();

    CompletionEngine(EngineStart start, boolean pythonCounters) {
        super(start, pythonCounters);
    }

    @Override
    final void serve(long fromMicros, long toMicros) {
        while (true) {
            Flight first = flights.peek();
            long arrival = arrivals.nextMicros();
            if (first != null && first.endMicros() <= Math.min(arrival, toMicros)) {
                flights.remove();
                finished(first.index(), first.endMicros());
            } else if (arrival <= toMicros) {
                long index = arrivals.take();
                arrived(index, arrival);
                flights.add(new Flight(arrival + durationMicros(index), index));
            } else {
                return;
            }
        }
    }

    @Override
    final void complete(long micros) {
        for (Flight flight = flights.poll(); flight != null; flight = flights.poll()) {
            finished(flight.index(), micros);
        }
    }

    /** Requests that have arrived and not ended. */
    final int inFlight() {
        return flights.size();
    }

    /** How long a request takes. */
    abstract long durationMicros(long index);

    /** A request arrives. */
    void arrived(long index, long atMicros) {}

    /** A request ends. */
    abstract void finished(long index, long atMicros);

    private record Flight(long endMicros, long index) implements Comparable<Flight> {
        @Override
        public int compareTo(Flight other) {
            int byEnd = Long.compare(endMicros, other.endMicros);
            return byEnd != 0 ? byEnd : Long.compare(index, other.index);
        }
    }
}
