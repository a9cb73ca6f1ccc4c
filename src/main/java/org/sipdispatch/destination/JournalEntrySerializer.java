package org.sipdispatch.destination;

import akka.serialization.SerializerWithStringManifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary format of journal records. Records are read for years, so each field is written explicitly after the
 * format's number. A new format gets a new number, and old formats stay readable.
 */
public final class JournalEntrySerializer extends SerializerWithStringManifest {
    /** Format 1 has no orders in a status. */
    private static final int FORM = 2;

    private static final int WITHOUT_ORDERS = 1;
    private static final int MOST_ORDERS = 100;
    private static final String RECORDED = "recorded";
    private static final String KEPT = "kept";

    @Override
    public int identifier() {
        return 2060201;
    }

    @Override
    public String manifest(Object object) {
        return object instanceof JournalEntry ? RECORDED : KEPT;
    }

    @Override
    public byte[] toBinary(Object object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try {
            write(new DataOutputStream(bytes), object);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be written: " + object, e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Object object) throws IOException {
        out.writeByte(FORM);
        if (object instanceof JournalEntry recorded) {
            out.writeByte(number(recorded.cause()));
            out.writeLong(recorded.atMs());
            write(out, recorded.status());
        } else if (object instanceof DestinationJournal.JournalState kept) {
            out.writeBoolean(kept.newest() != null);
            if (kept.newest() != null) {
                write(out, kept.newest());
            }
        } else {
            throw new NotSerializableException(object.getClass().getName());
        }
    }

    private static int number(JournalEntry.ChangeCause cause) {
        return switch (cause) {
            case COUNT -> 1;
            case TRANSITION -> 2;
            case OPERATOR -> 3;
            case REMOVED -> 4;
        };
    }

    private static void write(DataOutputStream out, Status unpacked) throws IOException {
        Status status = unpacked.packed();
        out.writeLong(status.version().term());
        out.writeLong(status.version().change());
        out.writeLong(status.version().node());
        out.writeBoolean(status.held());
        out.writeBoolean(status.probing());
        out.writeBoolean(status.busy());
        out.writeInt(status.failures());
        out.writeInt(status.successes());
        out.writeBoolean(status.removed());
        out.writeLong(status.sinceMs());
        write(out, status.who());
        write(out, status.why());
        out.writeByte(status.orders().size());
        for (String order : status.orders()) {
            write(out, order);
        }
    }

    /** Used in place of {@link DataOutputStream#writeUTF}, which is limited to 64 KiB. */
    private static void write(DataOutputStream out, String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int form = in.readUnsignedByte();
            if (form < WITHOUT_ORDERS || form > FORM) {
                throw new NotSerializableException(
                        "a " + manifest + " of form " + form + ", but this program reads forms up to " + FORM);
            }
            return switch (manifest) {
                case RECORDED -> recorded(in, form);
                case KEPT -> new DestinationJournal.JournalState(in.readBoolean() ? status(in, form) : null);
                default -> throw new NotSerializableException("unknown kind of record " + manifest);
            };
        } catch (NotSerializableException e) {
            throw e;
        } catch (IOException e) {
            throw new NotSerializableException("a " + manifest + " that ends too early");
        }
    }

    private static JournalEntry recorded(DataInputStream in, int form) throws IOException {
        int number = in.readUnsignedByte();
        for (JournalEntry.ChangeCause cause : JournalEntry.ChangeCause.values()) {
            if (number(cause) == number) {
                long atMs = in.readLong();
                return new JournalEntry(cause, status(in, form), atMs);
            }
        }
        throw new NotSerializableException("a record of unknown kind " + number);
    }

    private static Status status(DataInputStream in, int form) throws IOException {
        return new Status(
                new StatusVersion(in.readLong(), in.readLong(), in.readLong()),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readInt(),
                in.readInt(),
                in.readBoolean(),
                in.readLong(),
                text(in),
                text(in),
                form == WITHOUT_ORDERS ? List.of() : orders(in));
    }

    private static List<String> orders(DataInputStream in) throws IOException {
        int count = in.readUnsignedByte();
        if (count > MOST_ORDERS) {
            throw new NotSerializableException("a status with " + count + " orders");
        }
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            orders.add(text(in));
        }
        return List.copyOf(orders);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > in.available()) {
            throw new NotSerializableException("a text of " + length + " bytes where " + in.available() + " are left");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
