package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.manage.HttpConnections.HttpConnection;

class HttpConnectionsTest {
    private final List<String> hungUp = new ArrayList<>();
    private final HttpConnections connections = new HttpConnections(2);

    private HttpConnection begin(String name, long nowNanos) {
        HttpConnection connection = new HttpConnection(() -> hungUp.add(name));
        connections.opened(connection, nowNanos);
        return connection;
    }

    private void askAndAnswer(HttpConnection connection, long nowNanos) {
        connections.requestArrived(connection);
        connections.idle(connection, nowNanos);
    }

    @Test
    void theOneThatWasSilentForLongestMakesRoom() {
        HttpConnection a = begin("a", 1);
        begin("b", 2);
        askAndAnswer(a, 3);

        begin("c", 4);
        begin("d", 5);
        begin("e", 6);

        assertThat(hungUp).containsExactly("b", "c", "d");
        assertThat(connections.size()).isEqualTo(2);
    }

    @Test
    void whereAllHaveAskedItIsTheOneThatAskedLongestAgo() {
        HttpConnection a = begin("a", 1);
        askAndAnswer(a, 10);
        HttpConnection b = begin("b", 2);
        askAndAnswer(b, 5);

        begin("c", 11);

        assertThat(hungUp).containsExactly("b");
    }

    @Test
    void oneThatIsBeingAnsweredStays() {
        connections.requestArrived(begin("a", 1));
        HttpConnection b = begin("b", 2);
        connections.requestArrived(b);
        begin("c", 3);
        assertThat(hungUp).isEmpty();

        connections.idle(b, 4);
        begin("d", 5);

        assertThat(hungUp).containsExactly("c");
    }

    @Test
    void anAnswerThatGoesOnCountsToItsEnd() {
        HttpConnection a = begin("a", 1);
        connections.requestArrived(a);
        connections.inputClosed(a);
        connections.streamStarted(a);
        assertThat(connections.size()).isEqualTo(1);

        connections.idle(a, 2);

        assertThat(connections.size()).isZero();
    }

    @Test
    void whoHasGoneTakesNoPlace() {
        connections.inputClosed(begin("a", 1));
        connections.inputClosed(begin("b", 2));
        begin("c", 3);
        begin("d", 4);

        assertThat(hungUp).isEmpty();
        assertThat(connections.size()).isEqualTo(2);
    }
}
