package dev.weir.simulator.fleet;

import java.util.Collection;
import java.util.List;

/** The whole fleet at one instant. Valid only inside {@link Fleet#look}. */
record FleetView(
        FleetPlan plan,
        long epochMicros,
        long nowMicros,
        List<Slot> slots,
        List<Pod> pods,
        Collection<ProcessRun> ended,
        FoldedRuns folded,
        boolean frozen,
        Churn churn) {}
