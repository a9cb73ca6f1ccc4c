package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.TlsPeer;
import org.sipdispatch.transaction.TransactionConnections;

/** Which requests fail with a connection: several may lead to one address. */
class EndedConnectionTest {
    private static final InetSocketAddress REMOTE = new InetSocketAddress("192.0.2.7", 5061);
    private static final ListenSocket SOCKET =
            new ListenSocket(0, "t", Protocol.TLS, new InetSocketAddress("192.0.2.1", 5061), "192.0.2.1", 5061);
    private static final TlsPeer A = new TlsPeer("a.example.com", null, TlsPeer.Scope.ALL, true);
    private static final TlsPeer B = new TlsPeer("b.example.com", null, TlsPeer.Scope.ALL, true);

    private static NextHop to(TransactionConnections connections) {
        return new NextHop(SOCKET, REMOTE, connections);
    }

    private static TcpConnections.EndedConnection ended(RemoteEndpoint... found) {
        return new TcpConnections.EndedConnection(7, to(TransactionConnections.NONE), Set.of(found));
    }

    @Test
    void aRequestOnACertainConnectionFailsWithThatOnly() {
        TcpConnections.EndedConnection ended = ended(new RemoteEndpoint(0, REMOTE, null));

        assertThat(ended.carried(to(TransactionConnections.only(7)))).isTrue();
        assertThat(ended.carried(to(TransactionConnections.only(8)))).isFalse();
    }

    @Test
    void aRequestToAnAddressFailsWithTheConnectionThatIsFoundThere() {
        assertThat(ended(new RemoteEndpoint(0, REMOTE, null)).carried(to(TransactionConnections.NONE)))
                .isTrue();
        assertThat(ended().carried(to(TransactionConnections.NONE))).isFalse();
    }

    @Test
    void aRequestToAnAliasFailsWithItsConnection() {
        InetSocketAddress alias = new InetSocketAddress("192.0.2.7", 5099);
        NextHop toAlias = new NextHop(SOCKET, alias, TransactionConnections.to(A));
        TcpConnections.EndedConnection ended = ended(new RemoteEndpoint(0, alias, A));

        assertThat(ended.hops()).containsExactlyInAnyOrder(to(TransactionConnections.NONE), toAlias);
        assertThat(ended.carried(toAlias)).isTrue();
    }

    @Test
    void aRequestToAVerifiedServerFailsWithItsConnectionOnly() {
        TcpConnections.EndedConnection ended =
                ended(new RemoteEndpoint(0, REMOTE, null), new RemoteEndpoint(0, REMOTE, A));

        assertThat(ended.carried(to(TransactionConnections.to(A)))).isTrue();
        assertThat(ended.carried(to(TransactionConnections.to(B)))).isFalse();
    }
}
