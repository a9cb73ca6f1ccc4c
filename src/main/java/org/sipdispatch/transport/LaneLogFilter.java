package org.sipdispatch.transport;

import akka.actor.ActorSystem;
import akka.event.EventStream;
import akka.event.LoggingFilter;
import akka.event.slf4j.Slf4jLoggingFilter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;

/**
 * Akka's filter, but for what a TCP listener logs when it cannot take a connection: for want of a file descriptor it tries
 * again at once, with a stack trace each time. That is counted, and told at intervals; a {@link TcpListenerActor} pauses.
 */
public final class LaneLogFilter implements LoggingFilter {
    /** A listener could not take a connection; {@code path} is its actor's. */
    record AcceptFailed(String path) {}

    private static final String LISTENER = "akka.io.TcpListener";

    private final Slf4jLoggingFilter all;
    private final EventStream events;
    private final Limits limits;

    /** Akka makes it from its configuration. */
    public LaneLogFilter(ActorSystem.Settings settings, EventStream events) {
        all = new Slf4jLoggingFilter(settings, events);
        this.events = events;
        limits = LaneLimits.of(settings);
    }

    @Override
    public boolean isErrorEnabled(Class<?> logClass, String logSource) {
        if (logClass.getName().equals(LISTENER)) {
            events.publish(new AcceptFailed(logSource));
            limits.hit(
                    Limit.FILE_DESCRIPTORS,
                    LaneInlet.realMs(),
                    () ->
                            "a connection could not be taken (expected: more file descriptors than all connections need)");
            return false;
        }
        return all.isErrorEnabled(logClass, logSource);
    }

    @Override
    public boolean isWarningEnabled(Class<?> logClass, String logSource) {
        return all.isWarningEnabled(logClass, logSource);
    }

    @Override
    public boolean isInfoEnabled(Class<?> logClass, String logSource) {
        return all.isInfoEnabled(logClass, logSource);
    }

    @Override
    public boolean isDebugEnabled(Class<?> logClass, String logSource) {
        return all.isDebugEnabled(logClass, logSource);
    }
}
