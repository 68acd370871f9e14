/**
 * The one vocabulary into which every engine's families are mapped (rule 9): names, types, units and labels, and how gauges
 * of several replicas become one. Pure Java; knows neither profiles nor groups.
 */
@NullMarked
package dev.weir.aggregation.canonical;

import org.jspecify.annotations.NullMarked;
