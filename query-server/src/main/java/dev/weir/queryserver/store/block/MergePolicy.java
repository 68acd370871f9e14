package dev.weir.queryserver.store.block;

import java.util.ArrayList;
import java.util.List;

/**
 * Which blocks become one: some that follow each other and are of the same size, within a factor of four,
 * or smaller. So a sample is written again once for each fourfold growth of the block it is in.
 *
 * @param maxBytes of a merged block
 * @param maxSpanMs of a merged block, so that it can go at about the end of its retention
 * @param fewest blocks worth a merge, at least 2
 */
public record MergePolicy(long maxBytes, long maxSpanMs, int fewest) {
    /** By this factor a block's samples grow from merge to merge. */
    public static final int FANOUT = 4;

    private static final long SMALLEST_TIER_BYTES = 1 << 20;

    /** A run of blocks to merge; empty if there is none. */
    List<Block> choose(List<Block> blocks) {
        int maxTier = blocks.stream().mapToInt(MergePolicy::tier).max().orElse(-1);
        for (int tier = 0; tier <= maxTier; tier++) {
            List<Block> run = new ArrayList<>();
            for (Block block : blocks) {
                if (tier(block) > tier || !fits(run, block)) {
                    if (run.size() >= fewest) {
                        return run;
                    }
                    run.clear();
                }
                if (tier(block) <= tier) {
                    run.add(block);
                }
            }
            if (run.size() >= fewest) {
                return run;
            }
        }
        return List.of();
    }

    private boolean fits(List<Block> run, Block next) {
        long bytes = next.sizeBytes();
        long minMs = next.minTimestampMs();
        long maxMs = next.maxTimestampMs();
        long widestMs = maxMs - minMs;
        for (Block block : run) {
            bytes += block.sizeBytes();
            minMs = Math.min(minMs, block.minTimestampMs());
            maxMs = Math.max(maxMs, block.maxTimestampMs());
            widestMs = Math.max(widestMs, block.maxTimestampMs() - block.minTimestampMs());
        }
        return run.isEmpty() || (bytes <= maxBytes && maxMs - minMs <= Math.max(maxSpanMs, widestMs));
    }

    private static int tier(Block block) {
        int tier = 0;
        for (long bytes = block.sizeBytes(); bytes > SMALLEST_TIER_BYTES; bytes /= FANOUT) {
            tier++;
        }
        return tier;
    }
}
