/** The fleet's sockets: one listening port per pod over one server, and the admin port. Uses {@code fleet}. */
@NullMarked
package dev.weir.simulator.http;

import org.jspecify.annotations.NullMarked;
