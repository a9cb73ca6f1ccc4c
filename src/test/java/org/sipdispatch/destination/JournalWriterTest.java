package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.ActorRef;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JournalWriterTest {
    private static final Status OTHERS =
            new Status(new StatusVersion(6, 2, 1), true, false, false, 0, 0, false, 5, "bob", "broken");

    private final TestInbox<DestinationJournal.Command> journal = TestInbox.create();
    private Status own = Status.initial(DestinationState.ACTIVE, 5).inNextTerm(7);
    private boolean mayWrite = true;
    private final JournalWriter way =
            new JournalWriter("default:1:sip:a", new Opened(journal.getRef()), null, () -> mayWrite);

    /** A journal that is open. */
    private record Opened(ActorRef<DestinationJournal.Command> actor) implements JournalAccess {
        @Override
        public void open() {}

        @Override
        public void write(JournalEntry entry) {
            actor.tell(new DestinationJournal.WriteEntry(entry));
        }
    }

    private Status next() {
        own = own.set(own.held() ? DestinationState.ACTIVE : DestinationState.INACTIVE, "alice", "said so", 6);
        way.add(new JournalEntry(JournalEntry.ChangeCause.OPERATOR, own, 6));
        return own;
    }

    private Status ready(Status newest) {
        return way.onReply(new DestinationJournal.Ready(newest, 1), own.version());
    }

    private List<StatusVersion> written() {
        return journal.getAllReceived().stream()
                .map(command -> ((DestinationJournal.WriteEntry) command)
                        .recorded()
                        .status()
                        .version())
                .toList();
    }

    @Test
    void whoFindsAnotherActorsNewerRecordAtTheSecondTimeIsSuperseded() {
        ready(null);
        assertThat(way.isSuperseded(own.version())).isFalse();

        assertThat(ready(OTHERS)).isEqualTo(OTHERS);

        assertThat(way.isSuperseded(own.version())).isTrue();
        assertThat(way.isSuperseded(OTHERS.inNextTerm(7).version())).isFalse();
    }

    @Test
    void whatWasThereAtTheFirstTimeIsWhatItBeginsWith() {
        assertThat(ready(OTHERS)).isEqualTo(OTHERS);

        assertThat(way.isSuperseded(own.version())).isFalse();
    }

    @Test
    void anOlderActorsRecordSupersedesNobody() {
        ready(null);
        own = OTHERS.inNextTerm(7);

        assertThat(ready(OTHERS)).as("what this actor merges").isNull();

        assertThat(way.isSuperseded(own.version())).isFalse();
    }

    @Test
    void anotherActorsRecordOfTheSameTermSupersedesNobodyAndIsMergedIfItIsNewer() {
        ready(null);
        next();
        Status started = OTHERS.withVersion(new StatusVersion(1, 0, 9));
        Status changed = OTHERS.withVersion(new StatusVersion(1, 1, 9));

        assertThat(ready(started)).as("older than the own status").isNull();
        assertThat(ready(changed)).isEqualTo(changed);

        assertThat(way.isSuperseded(own.version())).isFalse();
    }

    @Test
    void whatItWroteItselfSupersedesNobody() {
        Status first = next();
        ready(null);
        way.onReply(new DestinationJournal.Saved(first.version()), own.version());

        assertThat(ready(first)).isNull();

        assertThat(way.isSuperseded(first.version())).isFalse();
        assertThat(way.isSuperseded(StatusVersion.NONE)).isFalse();
    }

    @Test
    void whileItMayNotWriteNothingIsWritten() {
        mayWrite = false;
        ready(null);
        Status first = next();
        Status second = next();
        way.resume();
        assertThat(written()).isEmpty();
        assertThat(way.unsaved()).isEqualTo(2);

        mayWrite = true;
        way.resume();
        assertThat(written()).containsExactly(first.version());

        mayWrite = false;
        way.onReply(new DestinationJournal.Saved(first.version()), own.version());
        assertThat(written()).isEmpty();
        assertThat(way.isEmpty()).isFalse();

        mayWrite = true;
        way.resume();
        assertThat(written()).containsExactly(second.version());
    }

    @Test
    void oneRecordIsUnderWayAtATimeHoweverOftenItGoesOn() {
        ready(null);
        Status first = next();
        next();

        way.resume();
        way.resume();

        assertThat(written()).containsExactly(first.version());
    }

    @Test
    void whatIsDroppedIsLoggedAndCounted() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(JournalWriter.class);
        lines.start();
        log.addAppender(lines);
        try {
            IntStream.range(0, JournalBuffer.MOST + 2).forEach(i -> next());
            way.add(new JournalEntry(JournalEntry.ChangeCause.TRANSITION, own.inNextTerm(8), 7));
            ready(null);
            while (!way.isEmpty()) {
                written().forEach(version -> way.onReply(new DestinationJournal.Saved(version), own.version()));
            }
        } finally {
            log.detachAppender(lines);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(4)
                .last()
                .isEqualTo("default:1:sip:a: the journal has all changes, except for 3 that were dropped");
        assertThat(lines.list.get(0).getFormattedMessage())
                .isEqualTo(
                        "default:1:sip:a: too many changes wait for the journal; this one is dropped: Inactive by alice,"
                                + " said so");
    }

    /** A journal that is read at the start and opened later. */
    private static final class LaterJournal implements JournalAccess {
        private final List<JournalEntry> written = new ArrayList<>();
        private boolean open;

        @Override
        public void open() {
            open = true;
        }

        @Override
        public void write(JournalEntry entry) {
            written.add(entry);
        }
    }

    @Test
    void aJournalThatIsReadIsOpenedWithTheFirstRecordAndWrittenWhenItAcceptsRecords() {
        LaterJournal later = new LaterJournal();
        JournalWriter writer = new JournalWriter("default:1:sip:a", later, null, () -> true);
        assertThat(writer.onReply(new DestinationJournal.Found(OTHERS), own.version()))
                .isEqualTo(OTHERS);
        assertThat(later.open).isFalse();
        own = OTHERS.inNextTerm(7);

        JournalEntry entry = new JournalEntry(JournalEntry.ChangeCause.TRANSITION, own, 6);
        writer.add(entry);
        assertThat(later.open).isTrue();
        assertThat(later.written).isEmpty();

        writer.onReply(new DestinationJournal.Ready(OTHERS, 4), own.version());
        assertThat(later.written).containsExactly(entry);
        assertThat(writer.isSuperseded(own.version())).isFalse();
    }

    @Test
    void aLaterActorThatWroteBeforeTheJournalWasOpenedSupersedesThisOne() {
        LaterJournal later = new LaterJournal();
        JournalWriter writer = new JournalWriter("default:1:sip:a", later, null, () -> true);
        writer.onReply(new DestinationJournal.Found(null), own.version());
        assertThat(later.open).isFalse();

        writer.open();
        assertThat(later.open).isTrue();
        writer.onReply(new DestinationJournal.Ready(OTHERS, 1), own.version());

        assertThat(writer.isSuperseded(own.version())).isTrue();
    }
}
