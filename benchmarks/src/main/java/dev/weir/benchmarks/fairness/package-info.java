/** What one project's flood does to another's queries. */
@NullMarked
package dev.weir.benchmarks.fairness;

import org.jspecify.annotations.NullMarked;
