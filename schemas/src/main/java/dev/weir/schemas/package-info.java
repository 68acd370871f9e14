/**
 * The contracts between Weir's processes: Avro events with their single-object codec, and remote-write requests. Depends
 * on no other module.
 */
@NullMarked
package dev.weir.schemas;

import org.jspecify.annotations.NullMarked;
