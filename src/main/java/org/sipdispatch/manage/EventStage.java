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
 * One client's stream of events. Nothing is made before the client has room for it, so nothing is kept for one that
 * does not read but what it has not been told of.
 */
final class EventStage extends GraphStage<SourceShape<ByteString>> {
    /** What a browser does when it is cut off: it comes back after so many milliseconds. */
    private static final String WELCOME = "retry: 1000\n\n";

    /** How often what is told by the clock is told, and how long a database that is away is left alone. */
    record Pace(Duration heartbeat, Duration traffic, Duration rest) {
        static final Pace USUAL = new Pace(Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(1));
    }

    /**
     * What the client wants.
     *
     * @param after the place in the history behind which it begins; -1 for the newest
     */
    record Wish(Place place, long after, boolean traffic) {}

    private enum Due {
        HEARTBEAT,
        TRAFFIC,
        REST
    }

    private final Outlet<ByteString> out = Outlet.create("events");
    private final Doors doors;
    private final Wish wish;
    private final Pace pace;

    EventStage(Doors doors, Wish wish, Pace pace) {
        this.doors = doors;
        this.wish = wish;
        this.pace = pace;
    }

    @Override
    public SourceShape<ByteString> shape() {
        return SourceShape.of(out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes inherited) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic implements StatusVoice.Stream {
        private final List<Voice> voices = new ArrayList<>();
        private final TrafficVoice traffic = new TrafficVoice(doors.desk());
        private final AtomicBoolean woken = new AtomicBoolean();
        private AsyncCallback<Runnable> inside;
        private StatusVoice history;
        private int turn;
        private boolean welcomed;
        private boolean heartbeat;

        Logic() {
            super(EventStage.this.shape());
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    speak();
                }
            });
        }

        @Override
        public void preStart() {
            inside = createAsyncCallback(work -> {
                work.run();
                speak();
            });
            history = new StatusVoice(doors.desk(), wish.place().idPrefix(), wish.after(), this);
            voices.add(history);
            voices.add(new ViewVoice(doors.live(), wish.place(), this::wake));
            scheduleWithFixedDelay(Due.HEARTBEAT, pace.heartbeat(), pace.heartbeat());
            if (wish.traffic()) {
                voices.add(traffic);
                scheduleWithFixedDelay(Due.TRAFFIC, pace.traffic(), pace.traffic());
            }
            voices.forEach(Voice::begin);
        }

        @Override
        public void onTimer(Object due) {
            switch ((Due) due) {
                case HEARTBEAT -> heartbeat = true;
                case TRAFFIC -> traffic.due();
                case REST -> history.rested();
            }
            speak();
        }

        /** Each in turn, so that a long history holds up nobody else. */
        private void speak() {
            if (!isAvailable(out)) {
                return;
            }
            String text = welcome();
            for (int i = 0; text == null && i < voices.size(); i++) {
                turn = (turn + 1) % voices.size();
                text = voices.get(turn).next();
            }
            if (text != null) {
                push(out, ByteString.fromString(text));
            }
        }

        private String welcome() {
            if (!welcomed) {
                welcomed = true;
                return WELCOME;
            }
            if (heartbeat) {
                heartbeat = false;
                return Event.comment("");
            }
            return null;
        }

        @Override
        public void wake() {
            if (woken.compareAndSet(false, true)) {
                inside.invoke(() -> woken.set(false));
            }
        }

        @Override
        public void run(Runnable work) {
            inside.invoke(work);
        }

        @Override
        public void restAWhile() {
            scheduleOnce(Due.REST, pace.rest());
        }

        @Override
        public void postStop() {
            voices.forEach(Voice::end);
        }
    }
}
