package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JournalEntrySerializerTest {
    private static final Path GOLDEN = Path.of("src/test/resources/journal");
    private static final Status WITHOUT_ORDERS = new Status(
            new StatusVersion(3, 4, -5), true, false, true, 2, 1, false, 1_700_000_000_123L, "alice", "größer");
    private static final Status STATUS = WITHOUT_ORDERS.ordered("1f-7", null).ordered("größer", null);

    private final JournalEntrySerializer serializer = new JournalEntrySerializer();

    private static List<byte[]> golden(int form) throws IOException {
        return Files.readAllLines(GOLDEN.resolve("form-" + form + ".hex")).stream()
                .map(HexFormat.of()::parseHex)
                .toList();
    }

    /** One of each class of object. */
    private static List<Object> objects(Status status) {
        return List.of(
                new JournalEntry(JournalEntry.ChangeCause.OPERATOR, status, 1_700_000_000_456L),
                new DestinationJournal.JournalState(status));
    }

    /** In the form of earlier releases, which read them as an order. */
    @Test
    void aRecordKeepsTheTargets() throws NotSerializableException {
        Targets targets = Targets.NONE.found(TargetsTest.found("192.0.2.1:5060", "192.0.2.2:5060"), WITHOUT_ORDERS);
        Status status = STATUS.withTargets(targets, "probe", "new address", 1_700_000_000_789L);

        for (Object object : objects(status)) {
            byte[] bytes = serializer.toBinary(object);

            assertThat(serializer.fromBinary(bytes, serializer.manifest(object)))
                    .isEqualTo(object);
            assertThat(bytes[0]).isEqualTo((byte) 2);
        }
    }

    /** Stored records must stay readable: these bytes never change. */
    @Test
    void theBytesOfTheFirstFormAreRead() throws IOException {
        List<byte[]> golden = golden(1);
        List<Object> objects = objects(WITHOUT_ORDERS);

        for (int i = 0; i < 2; i++) {
            assertThat(serializer.fromBinary(golden.get(i), serializer.manifest(objects.get(i))))
                    .isEqualTo(objects.get(i));
        }
    }

    @Test
    void theBytesOfTheSecondFormAreReadAndWritten() throws IOException {
        List<byte[]> golden = golden(2);
        List<Object> objects = objects(STATUS);

        for (int i = 0; i < 2; i++) {
            Object object = objects.get(i);
            assertThat(HexFormat.of().formatHex(serializer.toBinary(object)))
                    .isEqualTo(HexFormat.of().formatHex(golden.get(i)));
            assertThat(serializer.fromBinary(golden.get(i), serializer.manifest(object)))
                    .isEqualTo(object);
        }
    }

    @Test
    void aNumberOfOrdersThatCannotBeIsRefused() {
        byte[] kept = serializer.toBinary(new DestinationJournal.JournalState(WITHOUT_ORDERS));
        kept[kept.length - 1] = 101;

        assertThatThrownBy(() -> serializer.fromBinary(kept, "kept"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessage("a status with 101 orders");
    }

    @ParameterizedTest
    @EnumSource
    void everyKindIsReadAsItWasWritten(JournalEntry.ChangeCause cause) throws IOException {
        JournalEntry recorded = new JournalEntry(
                cause,
                new Status(StatusVersion.NONE, false, true, false, 0, 0, true, 0, null, "x".repeat(100_000)),
                Long.MIN_VALUE);

        assertThat(serializer.fromBinary(serializer.toBinary(recorded), "recorded"))
                .isEqualTo(recorded);
    }

    @Test
    void anEmptyJournalHasASnapshotToo() throws IOException {
        DestinationJournal.JournalState kept = new DestinationJournal.JournalState(null);

        assertThat(serializer.fromBinary(serializer.toBinary(kept), "kept")).isEqualTo(kept);
    }

    @Test
    void aNewerFormIsRefusedWithItsNumber() {
        assertThatThrownBy(() -> serializer.fromBinary(new byte[] {3, 0}, "recorded"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessage("a recorded of form 3, but this program reads forms up to 2");
    }

    @Test
    void whatIsCutOffIsRefused() {
        byte[] whole = serializer.toBinary(new DestinationJournal.JournalState(STATUS));

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> serializer.fromBinary(cut, "kept")).isInstanceOf(NotSerializableException.class);
        }
    }
}
