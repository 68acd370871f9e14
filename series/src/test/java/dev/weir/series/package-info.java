/** Tests of labels, matchers and native histograms. */
@NullMarked
package dev.weir.series;

import org.jspecify.annotations.NullMarked;
