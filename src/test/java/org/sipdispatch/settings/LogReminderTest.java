package org.sipdispatch.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogReminderTest {
    private static final long INTERVAL = LogReminder.INTERVAL.toNanos();
    /** The clock of a virtual machine may start at any value. */
    private static final long BEGIN = Long.MAX_VALUE - INTERVAL / 2;

    private final LogReminder reminder = new LogReminder();

    @Test
    void aFailureIsReportedAsItBeginsAndAtIntervals() {
        assertThat(reminder.isDue(BEGIN)).isTrue();
        assertThat(reminder.isDue(BEGIN + 1)).isFalse();
        assertThat(reminder.isDue(BEGIN + INTERVAL - 1)).isFalse();
        assertThat(reminder.isDue(BEGIN + INTERVAL)).isTrue();
        assertThat(reminder.isDue(BEGIN + INTERVAL + 1)).isFalse();
    }

    @Test
    void aCauseThatAnotherOneHidIsReportedOnce() {
        assertThat(reminder.isDue("no answer", BEGIN)).isTrue();
        assertThat(reminder.isDue("full", BEGIN + 1)).isTrue();
        assertThat(reminder.isDue("no answer", BEGIN + 2)).isFalse();
        assertThat(reminder.isDue("full", BEGIN + 3)).isFalse();
        assertThat(reminder.isDue("full", BEGIN + INTERVAL)).isTrue();
    }

    @Test
    void theEndOfAFailureIsReportedOnceAndANewOneAtOnce() {
        assertThat(reminder.ends()).isFalse();
        reminder.isDue(BEGIN);
        assertThat(reminder.ends()).isTrue();
        assertThat(reminder.ends()).isFalse();
        assertThat(reminder.isDue(BEGIN + 1)).isTrue();
    }
}
