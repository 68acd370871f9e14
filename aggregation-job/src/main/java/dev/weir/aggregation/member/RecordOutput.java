package dev.weir.aggregation.member;

import dev.weir.schemas.WriteRequestEncoder;

/** Where a group's window goes. */
public interface RecordOutput {
    WriteRequestEncoder encoder();

    /** Makes a record of what the encoder holds, if that is more. */
    void cutAbove(int bytes);
}
