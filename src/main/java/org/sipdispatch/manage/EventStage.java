package org.sipdispatch.manage;

import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The event stream of one client. It polls its sources in turn when there is downstream demand, so a slow client needs
 * no buffer.
 */
final class EventStage extends GraphStage<SourceShape<ByteString>> {
    /** The time in milliseconds after which a disconnected browser reconnects. */
    private static final String RECONNECT_DELAY = "retry: 1000\n\n";

    /**
     * The intervals of the stream.
     *
     * @param heartbeat between two comments
     * @param traffic between two traffic events
     * @param retry before the next query to a database that did not answer
     * @param view the minimum time between two batches of changed destinations
     */
    record Intervals(Duration heartbeat, Duration traffic, Duration retry, Duration view) {
        static final Intervals DEFAULT = new Intervals(
                Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMillis(50));
    }

    /**
     * The client's request.
     *
     * @param after the history id after which the stream starts; -1 for the newest
     */
    record Request(SetFilter filter, long after, boolean traffic) {}

    private enum StageTimer {
        HEARTBEAT,
        TRAFFIC,
        RETRY,
        VIEW
    }

    private final Outlet<ByteString> out = Outlet.create("events");
    private final ApiDependencies dependencies;
    private final Request request;
    private final EventClients.ClientSlot slot;
    private final Intervals intervals;

    /** The stream releases {@code slot} when it ends. */
    EventStage(ApiDependencies dependencies, Request request, EventClients.ClientSlot slot, Intervals intervals) {
        this.dependencies = dependencies;
        this.request = request;
        this.slot = slot;
        this.intervals = intervals;
    }

    @Override
    public SourceShape<ByteString> shape() {
        return SourceShape.of(out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes inherited) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic implements HistoryEvents.Stream {
        private final List<EventSource> sources = new ArrayList<>();
        private final TrafficEvents traffic = new TrafficEvents(dependencies.traffic());
        private final AtomicBoolean woken = new AtomicBoolean();
        private AsyncCallback<Runnable> inStream;
        private HistoryEvents history;
        private DestinationEvents destinations;
        private int turn;
        private boolean reconnectDelaySent;
        private boolean heartbeat;

        Logic() {
            super(EventStage.this.shape());
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pushNext();
                }
            });
        }

        @Override
        public void preStart() {
            slot.start();
            inStream = createAsyncCallback(work -> {
                work.run();
                pushNext();
            });
            history = new HistoryEvents(
                    dependencies.operations(), request.filter().idPrefix(), request.after(), this);
            sources.add(history);
            destinations = new DestinationEvents(
                    request.filter(),
                    dependencies.operations().destinations().follow(this::wake),
                    () -> scheduleOnce(StageTimer.VIEW, intervals.view()));
            sources.add(destinations);
            scheduleWithFixedDelay(StageTimer.HEARTBEAT, intervals.heartbeat(), intervals.heartbeat());
            if (request.traffic()) {
                sources.add(traffic);
                scheduleWithFixedDelay(StageTimer.TRAFFIC, intervals.traffic(), intervals.traffic());
            }
            sources.forEach(EventSource::begin);
        }

        @Override
        public void onTimer(Object due) {
            switch ((StageTimer) due) {
                case HEARTBEAT -> heartbeat = true;
                case TRAFFIC -> traffic.due();
                case RETRY -> history.retry();
                case VIEW -> destinations.resume();
            }
            pushNext();
        }

        /** Pushes the next events. It polls the sources in turn, so that a long history does not delay the others. */
        private void pushNext() {
            if (!isAvailable(out)) {
                return;
            }
            String text = nextControlText();
            for (int i = 0; text == null && i < sources.size(); i++) {
                turn = (turn + 1) % sources.size();
                text = sources.get(turn).next();
            }
            if (text != null) {
                push(out, ByteString.fromString(text));
            }
        }

        private String nextControlText() {
            if (!reconnectDelaySent) {
                reconnectDelaySent = true;
                return RECONNECT_DELAY;
            }
            if (heartbeat) {
                heartbeat = false;
                return ServerSentEvent.comment("");
            }
            return null;
        }

        @Override
        public void wake() {
            if (woken.compareAndSet(false, true)) {
                inStream.invoke(() -> woken.set(false));
            }
        }

        @Override
        public void run(Runnable work) {
            inStream.invoke(work);
        }

        @Override
        public void retryLater() {
            scheduleOnce(StageTimer.RETRY, intervals.retry());
        }

        @Override
        public void postStop() {
            slot.release();
            sources.forEach(EventSource::end);
        }
    }
}
