/** A Kafka broker inside this process, and the topics of Weir on any broker. */
@NullMarked
package dev.weir.standalone.broker;

import org.jspecify.annotations.NullMarked;
