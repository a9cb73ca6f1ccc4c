package org.sipdispatch.relay;

import java.util.AbstractList;
import java.util.List;

/** No hops, and why there are none. */
final class NoHop extends AbstractList<Hop> {
    static final List<Hop> NO_ADDRESS = new NoHop(SendFailure.NO_ADDRESS);
    static final List<Hop> NO_DNS_ANSWER = new NoHop(SendFailure.NO_DNS_ANSWER);
    static final List<Hop> NO_SOCKET = new NoHop(SendFailure.NO_SOCKET);

    private final SendFailure why;

    private NoHop(SendFailure why) {
        this.why = why;
    }

    /** Why these are none. */
    static SendFailure why(List<Hop> none) {
        return none instanceof NoHop empty ? empty.why : SendFailure.NO_ADDRESS;
    }

    @Override
    public Hop get(int index) {
        throw new IndexOutOfBoundsException(index);
    }

    @Override
    public int size() {
        return 0;
    }
}
