package dev.weir.queryserver.intake;

import java.time.Duration;

/**
 * What a server that takes events in is told.
 *
 * @param defaultProject of events that name none, from whoever may write to all projects
 * @param watchedSinceMs since when this intake is there: a process that began later and was never heard of has told nothing yet
 * @param writeTimeout how long an event may take to be written before the answer is 503
 * @param limits what pushes may cost
 */
public record Intake(
        EventSink sink, String defaultProject, long watchedSinceMs, Duration writeTimeout, PushLimits limits) {}
