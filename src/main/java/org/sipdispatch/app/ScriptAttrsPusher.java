package org.sipdispatch.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.sipdispatch.sets.PushedAttrs;
import org.sipdispatch.settings.LogReminder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders the script attributes that rules push, for all nodes. Each order changes the definitions of the cluster, so
 * there is one at a time, and a pause after each; meanwhile newer attributes of a destination replace older ones. An
 * order that fails is not repeated: the next request of the sender pushes again. Thread-safe.
 */
final class ScriptAttrsPusher implements Consumer<PushedAttrs> {
    private static final Logger LOG = LoggerFactory.getLogger(ScriptAttrsPusher.class);
    private static final int MOST_WAITING = 1000;

    /** Sets the script attributes of destinations. */
    interface AttrsOrder {
        CompletionStage<?> give(List<String> ids, String attrs, String who);
    }

    private final AttrsOrder order;
    private final Executor afterPause;
    private final Runnable dropped;
    private final LogReminder reminder = new LogReminder();
    private final LogReminder full = new LogReminder();
    /** By the names of the destinations. */
    private final Map<String, PushedAttrs> waiting = new LinkedHashMap<>();

    private boolean busy;

    /**
     * @param afterPause runs the next order after a pause
     * @param dropped run for attributes that are dropped because too many orders wait
     */
    ScriptAttrsPusher(AttrsOrder order, Executor afterPause, Runnable dropped) {
        this.order = order;
        this.dropped = dropped;
        this.afterPause = afterPause;
    }

    @Override
    public void accept(PushedAttrs pushed) {
        synchronized (this) {
            if (waiting.size() < MOST_WAITING || waiting.containsKey(pushed.names())) {
                waiting.put(pushed.names(), pushed);
            } else {
                drop(pushed);
            }
            if (busy) {
                return;
            }
            busy = true;
        }
        next();
    }

    private void drop(PushedAttrs pushed) {
        dropped.run();
        if (full.isDue(System.nanoTime())) {
            LOG.warn(
                    "{}: script attrs of {} not set: {} orders wait (expected: fewer)",
                    pushed.rule(),
                    pushed.names(),
                    MOST_WAITING);
        }
    }

    private void next() {
        PushedAttrs pushed;
        synchronized (this) {
            if (waiting.isEmpty()) {
                full.ends();
                busy = false;
                return;
            }
            pushed = waiting.remove(waiting.keySet().iterator().next());
        }
        given(pushed).whenComplete((done, failure) -> {
            log(pushed, failure);
            afterPause.execute(this::next);
        });
    }

    private CompletionStage<?> given(PushedAttrs pushed) {
        try {
            return order.give(pushed.ids(), pushed.attrs(), pushed.rule());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void log(PushedAttrs pushed, Throwable failure) {
        if (failure == null) {
            reminder.ends();
            LOG.info("{}: script attrs of {} set", pushed.rule(), pushed.names());
        } else if (reminder.isDue(System.nanoTime())) {
            LOG.warn("{}: script attrs of {} not set: {}", pushed.rule(), pushed.names(), failure.getMessage());
        }
    }
}
