/**
 * What a target's stage tells a target's group: what a page means, told once, and what each scrape brought, in numbers.
 * Both ends write and read it alike, also across a restart. Pure Java, no Flink.
 */
@NullMarked
package dev.weir.aggregation.report;

import org.jspecify.annotations.NullMarked;
