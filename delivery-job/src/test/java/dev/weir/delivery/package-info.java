/** Tests of delivery against receivers made by hand that behave as Prometheus, or as Mimir, does. */
@NullMarked
package dev.weir.delivery;

import org.jspecify.annotations.NullMarked;
