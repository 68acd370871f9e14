package dev.weir.ingest.source;

import dev.weir.ingest.discovery.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which reader has which target. A new target goes to the reader with the fewest, and stays there while it exists, so that
 * one that changes its labels keeps its reader.
 */
final class Assignment {
    private final Map<String, Owned> owned = new LinkedHashMap<>();
    private final int[] loads;

    Assignment(int readers) {
        loads = new int[readers];
    }

    /** Takes over {@code targets} as all there are; the answer is what that changes. */
    Change update(List<Target> targets) {
        Change change = new Change();
        Set<String> present = new HashSet<>();
        targets.forEach(target -> present.add(target.identity()));
        owned.entrySet().removeIf(entry -> {
            Owned gone = entry.getValue();
            if (present.contains(entry.getKey())) {
                return false;
            }
            loads[gone.reader()]--;
            change.removed
                    .computeIfAbsent(gone.reader(), r -> new ArrayList<>())
                    .add(entry.getKey());
            return true;
        });
        for (Target target : targets) {
            Owned before = owned.get(target.identity());
            if (before != null && before.target().equals(target)) {
                continue;
            }
            int reader = before == null ? leastLoaded() : before.reader();
            loads[reader] += before == null ? 1 : 0;
            owned.put(target.identity(), new Owned(target, reader));
            change.added.computeIfAbsent(reader, r -> new ArrayList<>()).add(target);
        }
        return change;
    }

    /** All targets of one reader. */
    List<Target> of(int reader) {
        return owned.values().stream()
                .filter(o -> o.reader() == reader)
                .map(Owned::target)
                .toList();
    }

    int size() {
        return owned.size();
    }

    /** The longest interval of any target, 0 if there is none. */
    long longestIntervalMs() {
        return owned.values().stream()
                .mapToLong(o -> o.target().intervalMs())
                .max()
                .orElse(0);
    }

    private int leastLoaded() {
        int least = 0;
        for (int reader = 1; reader < loads.length; reader++) {
            if (loads[reader] < loads[least]) {
                least = reader;
            }
        }
        return least;
    }

    private record Owned(Target target, int reader) {}

    /** By reader: targets that are new to it or changed, and identities of those that are gone. */
    static final class Change {
        private final Map<Integer, List<Target>> added = new HashMap<>();
        private final Map<Integer, List<String>> removed = new HashMap<>();

        Map<Integer, List<Target>> added() {
            return added;
        }

        Map<Integer, List<String>> removed() {
            return removed;
        }
    }
}
