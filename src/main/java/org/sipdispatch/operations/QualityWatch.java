package org.sipdispatch.operations;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.observation.QualityAlarms;
import org.sipdispatch.observation.QualityFigures;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.QualityCounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports when a figure of quality of a destination falls below its bound, and when it recovers: in the log and in the
 * history. All nodes notice it, since all know the calls of all nodes; the one with the destination's actor reports it.
 */
final class QualityWatch {
    private static final Logger LOG = LoggerFactory.getLogger(QualityWatch.class);
    private static final String VERB = "quality";
    private static final String WHO = "traffic";

    private final OperationContext context;
    private final QualityFigures figures;
    private final QualityAlarms alarms;

    QualityWatch(OperationContext context, QualityFigures figures) {
        this.context = context;
        this.figures = figures;
        alarms = new QualityAlarms(figures.settings());
    }

    /** Compares the present figures with their bounds. Never throws, so that the caller's timer continues. */
    void look() {
        if (figures.settings().bounds().isEmpty()) {
            return;
        }
        try {
            compare(context.destinations(), figures.all());
        } catch (RuntimeException e) {
            LOG.warn("the figures of quality cannot be compared with their bounds", e);
        }
    }

    private synchronized void compare(DestinationsSnapshot known, Map<String, QualityCounts> all) {
        Set<String> ids = known.destinations().stream()
                .map(DestinationsSnapshot.KnownDestination::id)
                .collect(Collectors.toSet());
        alarms.retain(ids);
        String self = context.cluster().address();
        for (String id : ids) {
            for (QualityAlarms.Alarm alarm : alarms.changes(id, all.getOrDefault(id, QualityCounts.NONE))) {
                if (self.equals(known.find(id).owner())) {
                    report(alarm, self);
                }
            }
        }
    }

    private void report(QualityAlarms.Alarm alarm, String self) {
        LOG.warn("destination {}: {}", alarm.id(), alarm.text());
        context.history()
                .recordOrder(new HistoryEntry(
                        0,
                        System.currentTimeMillis(),
                        HistoryEntry.HistoryEntryType.ORDER,
                        alarm.id(),
                        "",
                        false,
                        VERB,
                        WHO,
                        alarm.text(),
                        "",
                        self,
                        false));
    }
}
