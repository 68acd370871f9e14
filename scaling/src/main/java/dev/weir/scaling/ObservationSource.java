package dev.weir.scaling;

import dev.weir.configuration.ScalingConfig.Rule;

/** Where values come from. */
@FunctionalInterface
interface ObservationSource {
    /** What the rule's expression gives at a time; never fails, but may not know. */
    Observation observe(Rule rule, long nowMs) throws InterruptedException;
}
