package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FollowersTest {
    private final AtomicInteger looks = new AtomicInteger();
    private final Followers followers = new Followers(this::newest, Duration.ofMillis(1));
    private final List<Long> told = new CopyOnWriteArrayList<>();

    private long newest() throws SQLException {
        int look = looks.incrementAndGet();
        if (look == 1) {
            throw new SQLException("away");
        } else if (look < 4) {
            throw new IllegalStateException("closed");
        }
        return 7;
    }

    @AfterEach
    void end() {
        followers.close();
    }

    @Test
    void whateverALookThrowsTheNextOneIsDone() {
        followers.add(told::add);

        await().until(() -> told.equals(List.of(7L)));
    }

    @Test
    void whoFollowsAfterTheEndIsToldNothing() throws Exception {
        AutoCloseable before = followers.add(place -> {});
        followers.close();

        followers.add(told::add).close();
        before.close();

        assertThat(told).isEmpty();
    }
}
