/** Answers of the query API as tables and charts of plain text. Pure functions of the answer. */
@NullMarked
package dev.weir.standalone.terminal;

import org.jspecify.annotations.NullMarked;
