package org.sipdispatch.proxy;

import java.util.AbstractList;
import java.util.List;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/** An empty list of hops, with the reason. */
final class NoNextHop extends AbstractList<NextHop> {
    static final List<NextHop> NO_ADDRESS = new NoNextHop(SendFailure.NO_ADDRESS);
    static final List<NextHop> NO_DNS_ANSWER = new NoNextHop(SendFailure.NO_DNS_ANSWER);
    static final List<NextHop> BLACKLISTED = new NoNextHop(SendFailure.BLACKLISTED);
    static final List<NextHop> NO_SOCKET = new NoNextHop(SendFailure.NO_SOCKET);
    /** The URI of a WebSocket client, whose own connection is the only way to it. */
    static final List<NextHop> NO_FLOW = new NoNextHop(SendFailure.FLOW_FAILED);

    private final SendFailure why;

    private NoNextHop(SendFailure why) {
        this.why = why;
    }

    /** The reason why the list is empty. */
    static SendFailure why(List<NextHop> none) {
        return none instanceof NoNextHop empty ? empty.why : SendFailure.NO_ADDRESS;
    }

    @Override
    public NextHop get(int index) {
        throw new IndexOutOfBoundsException(index);
    }

    @Override
    public int size() {
        return 0;
    }
}
