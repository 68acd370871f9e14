/** The remote-write 1.0 receiver: bytes of a request to a batch for the store, or the rule that they break. */
@NullMarked
package dev.weir.queryserver.remotewrite;

import org.jspecify.annotations.NullMarked;
