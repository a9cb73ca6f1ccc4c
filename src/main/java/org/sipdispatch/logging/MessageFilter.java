package org.sipdispatch.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/** Drops lines of libraries whose message template begins with a text. Configured in {@code conf/logback.xml}. */
public final class MessageFilter extends Filter<ILoggingEvent> {
    private String prefix;

    /** Called by Logback: the beginning of the template, with {@code {}} for its arguments. */
    public void setPrefix(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        String template = event.getMessage();
        return template != null && template.startsWith(prefix) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
