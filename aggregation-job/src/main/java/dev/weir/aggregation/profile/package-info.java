/**
 * What Weir knows of engines, as data: one YAML file for each, which says how its page is recognised and what its families
 * are in the canonical vocabulary. Pure Java, no Flink.
 */
@NullMarked
package dev.weir.aggregation.profile;

import org.jspecify.annotations.NullMarked;
