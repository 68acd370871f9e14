/**
 * What {@code tls_config} means: trust and identity for connections to a server, for every job that opens some. May use
 * {@code dev.weir.configuration} and the JDK.
 */
@NullMarked
package dev.weir.configuration.tls;

import org.jspecify.annotations.NullMarked;
