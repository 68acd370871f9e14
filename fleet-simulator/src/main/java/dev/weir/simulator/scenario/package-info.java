/**
 * Fleets whose churn makes rates hard to tell: scenarios, the scrapes that a scraper makes of them on a simulated clock, and
 * the truth at any time. Everything follows from the seed; nothing listens, nothing waits. Uses only the load's draws.
 */
@NullMarked
package dev.weir.simulator.scenario;

import org.jspecify.annotations.NullMarked;
