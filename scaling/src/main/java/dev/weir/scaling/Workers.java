package dev.weir.scaling;

/**
 * The workers of a model.
 *
 * @param count of all, those that are starting included
 * @param ready of those that serve
 */
record Workers(int count, int ready) {}
