/** How the job's state and the records between its operators are written: versioned, and read back whole or not at all. */
@NullMarked
package dev.weir.aggregation.state;

import org.jspecify.annotations.NullMarked;
