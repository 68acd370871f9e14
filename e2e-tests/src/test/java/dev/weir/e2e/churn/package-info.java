/**
 * Counting under churn: scenarios of the fleet simulator, scraped on a simulated clock, go through the real aggregation job
 * and the real query server, and what comes out is held against the truth, against what the scrapes saw, and against peers.
 */
@NullMarked
package dev.weir.e2e.churn;

import org.jspecify.annotations.NullMarked;
