package org.sipdispatch.transport;

import akka.actor.ActorSystem;
import akka.event.EventStream;
import akka.event.LoggingFilter;
import akka.event.slf4j.Slf4jLoggingFilter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;

/**
 * Akka's logging filter, except for failed accepts of a TCP listener: without a free file descriptor it retries at once
 * and logs a stack trace each time. The filter counts the failures and logs at intervals; {@link TcpListenerActor}
 * pauses.
 */
final class LaneLogFilter implements LoggingFilter {
    /** A listener could not accept a connection; {@code path} is the path of its actor. */
    record AcceptFailed(String path) {}

    private static final String LISTENER = "akka.io.TcpListener";

    private final Slf4jLoggingFilter all;
    private final EventStream events;
    private final Limits limits;

    /** Called by Akka, which reads the class name from its configuration. */
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
                    LaneInlet.monotonicMs(),
                    () -> "a connection could not be accepted (expected: file descriptors for all connections)");
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
