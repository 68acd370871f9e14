/** A Flink cluster inside this process: jobs that go on where their last complete checkpoint left them. */
@NullMarked
package dev.weir.standalone.flink;

import org.jspecify.annotations.NullMarked;
