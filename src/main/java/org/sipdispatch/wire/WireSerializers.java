package org.sipdispatch.wire;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.Status;
import org.sipdispatch.replication.Definitions;
import org.sipdispatch.replication.SocketText;
import org.sipdispatch.replication.Statuses;
import org.sipdispatch.sets.Destination;

/** Serializers of the registered classes that are not records. */
final class WireSerializers {
    private WireSerializers() {}

    /** Writes an enum constant by its name, so that new constants may be inserted between old ones. */
    static final class EnumSerializer extends Serializer<Enum<?>> {
        private final Map<String, Enum<?>> byName = new HashMap<>();

        EnumSerializer(Class<? extends Enum<?>> type) {
            for (Enum<?> constant : type.getEnumConstants()) {
                byName.put(constant.name(), constant);
            }
        }

        @Override
        public void write(Kryo kryo, Output output, Enum<?> constant) {
            output.writeString(constant.name());
        }

        @Override
        public Enum<?> read(Kryo kryo, Input input, Class<? extends Enum<?>> type) {
            String name = input.readString();
            Enum<?> constant = byName.get(name);
            if (constant == null) {
                throw new IllegalArgumentException(
                        type.getSimpleName() + ": " + name + " (expected: one of " + byName.keySet() + ")");
            }
            return constant;
        }
    }

    /** Writes the fields as {@link RecordCodec} wrote them before there were ordinals. */
    static final class DestinationSerializer extends Serializer<Destination> {
        @Override
        public void write(Kryo kryo, Output output, Destination destination) {
            output.writeString(destination.partition());
            output.writeVarInt(destination.set(), false);
            output.writeString(destination.uri());
            output.writeString(SocketText.of(destination));
            output.writeVarInt(destination.weight(), false);
            output.writeVarInt(destination.priority(), false);
            output.writeString(destination.attrs());
            output.writeString(destination.description());
        }

        @Override
        public Destination read(Kryo kryo, Input input, Class<? extends Destination> type) {
            String partition = input.readString();
            int set = input.readVarInt(false);
            String uri = input.readString();
            SocketText socket = SocketText.parse(input.readString());
            return new Destination(
                    partition,
                    set,
                    uri,
                    socket.socket(),
                    input.readVarInt(false),
                    input.readVarInt(false),
                    input.readString(),
                    input.readString(),
                    socket.ordinal());
        }
    }

    /**
     * Writes a report, which is a message of its own, as {@link RecordCodec} does. At the end follows the detail of the last
     * ping if it has one; earlier releases do not read that far.
     */
    static final class ReportSerializer extends Serializer<DestinationActor.Report> {
        private final RecordCodec codec = new RecordCodec(DestinationActor.Report.class);

        @Override
        public void write(Kryo kryo, Output output, DestinationActor.Report report) {
            codec.write(kryo, output, report);
            if (report.lastPing() != null && !report.lastPing().detail().isEmpty()) {
                output.writeString(report.lastPing().detail());
            }
        }

        @Override
        public DestinationActor.Report read(Kryo kryo, Input input, Class<? extends DestinationActor.Report> type) {
            DestinationActor.Report report = (DestinationActor.Report) codec.read(kryo, input, type);
            return input.end() ? report : report.withPingDetail(input.readString());
        }
    }

    /** Writes the targets among the orders, see {@link Status#packed}. */
    static final class StatusSerializer extends Serializer<Status> {
        /** Those before the targets. */
        private static final int COMPONENTS = 11;

        private final RecordCodec codec = new RecordCodec(Status.class, COMPONENTS);

        @Override
        public void write(Kryo kryo, Output output, Status status) {
            codec.write(kryo, output, status.packed());
        }

        @Override
        public Status read(Kryo kryo, Input input, Class<? extends Status> type) {
            return (Status) codec.read(kryo, input, type);
        }
    }

    static final class StatusesSerializer extends Serializer<Statuses> {
        private static final int USUAL_BYTES = 512;

        @Override
        public void write(Kryo kryo, Output output, Statuses statuses) {
            output.writeVarInt(statuses.size(), true);
            statuses.encode((id, status) -> encoded(kryo, id, status), output::writeBytes);
        }

        private static byte[] encoded(Kryo kryo, String id, Status status) {
            try (Output output = new Output(USUAL_BYTES, KryoSerializer.MOST_BYTES)) {
                output.writeString(id);
                kryo.writeObject(output, status);
                return output.toBytes();
            }
        }

        @Override
        public Statuses read(Kryo kryo, Input input, Class<? extends Statuses> type) {
            int size = input.readVarInt(true);
            List<Statuses.Entry> entries = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int from = input.position();
                String id = input.readString();
                Status status = kryo.readObject(input, Status.class);
                byte[] encoded = Arrays.copyOfRange(input.getBuffer(), from, input.position());
                entries.add(new Statuses.Entry(id, status, encoded));
            }
            return Statuses.of(entries);
        }
    }

    static final class DefinitionsSerializer extends Serializer<Definitions> {
        @Override
        public void write(Kryo kryo, Output output, Definitions definitions) {
            output.writeLong(definitions.revision());
            output.writeLong(definitions.node());
            output.writeVarInt(definitions.packed().length, true);
            output.writeBytes(definitions.packed());
        }

        @Override
        public Definitions read(Kryo kryo, Input input, Class<? extends Definitions> type) {
            return new Definitions(input.readLong(), input.readLong(), input.readBytes(input.readVarInt(true)));
        }
    }
}
