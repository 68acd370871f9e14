/** What finding the pods of a large cluster costs. */
@NullMarked
package dev.weir.benchmarks.discovery;

import org.jspecify.annotations.NullMarked;
