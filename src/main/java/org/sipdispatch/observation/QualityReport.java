package org.sipdispatch.observation;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.sipdispatch.sets.QualityCounts;

/**
 * What nodes tell each other of the calls to destinations within their windows.
 *
 * @param node a number of the process that reports
 */
record QualityReport(long node, Map<String, QualityCounts> byId) {
    private static final int MOST_BYTES = 60_000;
    private static final int HEADER = 9;
    private static final int COUNTS = 7 * Long.BYTES;

    /** Writes reports about all destinations, in messages of limited size. Writes nothing about none. */
    static void write(long node, Map<String, QualityCounts> all, Consumer<byte[]> receiver) {
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        begin(out, node);
        for (Map.Entry<String, QualityCounts> one : all.entrySet()) {
            byte[] id = one.getKey().getBytes(StandardCharsets.UTF_8);
            if (out.remaining() < Short.BYTES + id.length + COUNTS) {
                flush(out, receiver);
                begin(out, node);
            }
            if (out.remaining() >= Short.BYTES + id.length + COUNTS) {
                out.putShort((short) id.length).put(id);
                QualityCounts counts = one.getValue();
                out.putLong(counts.seizures()).putLong(counts.answers()).putLong(counts.effective());
                out.putLong(counts.delays()).putLong(counts.delayMicros());
                out.putLong(counts.ended()).putLong(counts.callMs());
            }
        }
        flush(out, receiver);
    }

    private static void begin(ByteBuffer out, long node) {
        out.clear();
        out.put(NodeReports.QUALITY).putLong(node);
    }

    private static void flush(ByteBuffer out, Consumer<byte[]> receiver) {
        if (out.position() > HEADER) {
            byte[] bytes = new byte[out.position()];
            out.flip().get(bytes);
            receiver.accept(bytes);
        }
    }

    /** Null if the report is malformed. */
    static QualityReport read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        Map<String, QualityCounts> byId = new HashMap<>();
        try {
            long node = in.getLong();
            while (in.hasRemaining()) {
                byte[] id = new byte[in.getShort() & 0xffff];
                in.get(id);
                byId.put(
                        new String(id, StandardCharsets.UTF_8),
                        new QualityCounts(
                                in.getLong(),
                                in.getLong(),
                                in.getLong(),
                                in.getLong(),
                                in.getLong(),
                                in.getLong(),
                                in.getLong()));
            }
            return new QualityReport(node, byId);
        } catch (BufferUnderflowException e) {
            return null;
        }
    }
}
