package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.routing.StickySettings;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * Which destination belongs to a sticky key, as lanes and nodes tell each other.
 *
 * @param key the hash of the key
 * @param name the short name of the destination
 * @param version grows with each change of the destination
 * @param remainingMs how much longer it is valid
 * @param source the source of the request that was accepted
 */
record StickyRecord(long key, long name, int version, long remainingMs, InetAddress source) {
    /** Differs from the version of {@link PeerTransaction} batches. */
    private static final int VERSION = 2;

    private static final int MOST_ADDRESS = 16;

    static void begin(ByteWriter batch) {
        batch.clear().put((char) VERSION);
    }

    /** Whether the batch contains such records; all lanes need them. */
    static boolean isBatch(byte[] batch) {
        return batch.length > 0 && batch[0] == VERSION;
    }

    void writeTo(ByteWriter batch) {
        byte[] address = source.getAddress();
        ByteBuffer bytes = ByteBuffer.allocate(29 + address.length);
        bytes.putLong(key).putLong(name).putInt(version).putLong(remainingMs);
        bytes.put((byte) address.length).put(address);
        batch.put(bytes.array());
    }

    /** The records in a batch whose time is not over; null if it is malformed. */
    static List<StickyRecord> read(byte[] batch) {
        ByteBuffer in = ByteBuffer.wrap(batch, 1, batch.length - 1);
        List<StickyRecord> records = new ArrayList<>();
        try {
            while (in.hasRemaining()) {
                long key = in.getLong();
                long name = in.getLong();
                int version = in.getInt();
                long remainingMs = in.getLong();
                byte[] address = new byte[in.get() & 0xff];
                in.get(address);
                boolean isAddress = address.length == 4 || address.length == MOST_ADDRESS;
                if (!isAddress || version < 1 || remainingMs > StickySettings.MOST.toMillis()) {
                    return null;
                }
                if (remainingMs > 0) {
                    records.add(new StickyRecord(key, name, version, remainingMs, SocketAddresses.of(address)));
                }
            }
            return records;
        } catch (BufferUnderflowException e) {
            return null;
        }
    }
}
