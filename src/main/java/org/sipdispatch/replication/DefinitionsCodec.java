package org.sipdispatch.replication;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Removal;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.sets.Destination;

/**
 * Encodes definitions for the network: field by field, then deflated, because thousands of similar rows must fit one
 * remoting frame.
 */
public final class DefinitionsCodec {
    private static final int FORMAT = 2;
    private static final int EVENT_SOCKETS_FORMAT = 1;

    private DefinitionsCodec() {}

    /** Encodes definitions that were loaded from their source. */
    public static byte[] pack(List<Definition> definitions) {
        return pack(definitions, true);
    }

    /** {@code loaded}: whether the definitions were loaded from their source. */
    public static byte[] pack(List<Definition> definitions, boolean loaded) {
        return pack(definitions, loaded, List.of());
    }

    /**
     * Event sockets follow in a deflated part of their own, which older releases do not read.
     *
     * @param removals who removed other destinations; encoded last of the first part
     */
    public static byte[] pack(List<Definition> definitions, boolean loaded, List<Removal> removals) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            out.writeByte(FORMAT);
            out.writeBoolean(loaded);
            out.writeInt(definitions.size());
            for (Definition definition : definitions) {
                write(out, definition);
            }
            for (Removal removal : removals) {
                out.writeLong(removal.revision());
                text(out, removal.who());
                text(out, removal.why());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (definitions.stream().anyMatch(one -> one.eventSocket() != null)) {
            packEventSockets(bytes, definitions);
        }
        return bytes.toByteArray();
    }

    private static void packEventSockets(ByteArrayOutputStream bytes, List<Definition> definitions) {
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            out.writeByte(EVENT_SOCKETS_FORMAT);
            for (Definition definition : definitions) {
                text(
                        out,
                        definition.eventSocket() == null
                                ? ""
                                : definition.eventSocket().withPassword());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<Definition> unpack(byte[] packed, long revision) {
        Inflater inflater = new Inflater();
        try (DataInputStream in = opened(packed, inflater)) {
            List<Definition> definitions = definitions(in, revision);
            in.transferTo(OutputStream.nullOutputStream());
            int end = (int) inflater.getBytesRead();
            return end == packed.length ? definitions : withEventSockets(definitions, packed, end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            inflater.end();
        }
    }

    private static List<Definition> withEventSockets(List<Definition> definitions, byte[] packed, int from)
            throws IOException {
        ByteArrayInputStream rest = new ByteArrayInputStream(packed, from, packed.length - from);
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(rest))) {
            if (in.readUnsignedByte() != EVENT_SOCKETS_FORMAT) {
                return definitions;
            }
            List<Definition> all = new ArrayList<>();
            for (Definition definition : definitions) {
                all.add(definition.withEventSocket(EventSocketUrl.parse(text(in))));
            }
            return List.copyOf(all);
        }
    }

    private static List<Definition> definitions(DataInputStream in, long revision) throws IOException {
        in.readBoolean();
        int count = in.readInt();
        List<Definition> definitions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            definitions.add(read(in, i, count, revision));
        }
        return List.copyOf(definitions);
    }

    static List<Removal> removals(byte[] packed) {
        List<Removal> removals = new ArrayList<>();
        try (DataInputStream in = opened(packed)) {
            definitions(in, 0);
            for (byte[] start = in.readNBytes(Long.BYTES); start.length > 0; start = in.readNBytes(Long.BYTES)) {
                removals.add(new Removal(ByteBuffer.wrap(start).getLong(), text(in), text(in)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(removals);
    }

    public static boolean isLoaded(byte[] packed) {
        try (DataInputStream in = opened(packed)) {
            return in.readBoolean();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DataInputStream opened(byte[] packed) throws IOException {
        return checked(new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(packed))));
    }

    private static DataInputStream opened(byte[] packed, Inflater inflater) throws IOException {
        return checked(new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(packed), inflater)));
    }

    private static DataInputStream checked(DataInputStream in) throws IOException {
        int format = in.readUnsignedByte();
        if (format != FORMAT) {
            throw new IllegalStateException("definitions in format " + format + " (expected: " + FORMAT + ")");
        }
        return in;
    }

    private static void write(DataOutputStream out, Definition definition) throws IOException {
        Destination destination = definition.destination();
        text(out, destination.partition());
        out.writeInt(destination.set());
        text(out, destination.uri());
        String socket = SocketText.of(destination);
        text(out, socket == null ? "" : socket);
        out.writeInt(destination.weight());
        out.writeInt(destination.priority());
        text(out, destination.attrs());
        text(out, destination.description());
        out.writeByte(definition.initial().code());
        out.writeBoolean(definition.permanentProbing());
        text(out, definition.scriptAttrs());
        out.writeBoolean(definition.temporary());
    }

    private static Definition read(DataInputStream in, int place, int places, long revision) throws IOException {
        String partition = text(in);
        int set = in.readInt();
        String uri = text(in);
        String socket = text(in);
        SocketText read = SocketText.parse(socket.isEmpty() ? null : socket);
        Destination destination = new Destination(
                partition, set, uri, read.socket(), in.readInt(), in.readInt(), text(in), text(in), read.ordinal());
        DestinationState initial = DestinationState.of(in.readByte());
        return new Definition(
                destination, initial, in.readBoolean(), place, places, revision, text(in), in.readBoolean());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
