package org.sipdispatch.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on a loopback port: answers with the given records, or not at all while it is silent. */
public final class NameServer implements AutoCloseable {
    private final DatagramSocket socket;
    private final Map<String, List<Record>> records = new ConcurrentHashMap<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile boolean silent;

    public NameServer() {
        try {
            socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::run, "name-server");
        thread.setDaemon(true);
        thread.start();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Sets the records of a name and type; each in master file form, without name and type; their time to live is 0. */
    public void put(String name, int type, String... data) {
        put(name, type, 0, data);
    }

    /** The same with a time to live in seconds. */
    void put(String name, int type, long ttl, String... data) {
        try {
            Name owner = Name.fromString(name, Name.root);
            List<Record> parsed = new java.util.ArrayList<>();
            for (String text : data) {
                parsed.add(Record.fromString(owner, type, DClass.IN, ttl, text, Name.root));
            }
            records.put(key(owner, type), parsed);
            failures.remove(key(owner, type));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers queries for this name and type with a response code, also {@link Rcode#NOERROR}, and without records. */
    public void fail(String name, int type, int rcode) {
        try {
            failures.put(key(Name.fromString(name, Name.root), type), rcode);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void beSilent(boolean wanted) {
        silent = wanted;
    }

    int questions() {
        return questions.get();
    }

    int answers() {
        return answers.get();
    }

    private static String key(Name name, int type) {
        return name.toString().toLowerCase(java.util.Locale.ROOT) + " " + Type.string(type);
    }

    private void run() {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                questions.incrementAndGet();
                if (!silent) {
                    byte[] answer = answer(new Message(java.util.Arrays.copyOf(buffer, packet.getLength())));
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    answers.incrementAndGet();
                }
            } catch (IOException closed) {
                // close() closes the socket to end this thread.
            }
        }
    }

    private byte[] answer(Message question) {
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question.getQuestion(), Section.QUESTION);
        Record asked = question.getQuestion();
        String key = key(asked.getName(), asked.getType());
        List<Record> found = records.get(key);
        if (failures.containsKey(key)) {
            answer.getHeader().setRcode(failures.get(key));
        } else if (found == null) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        } else {
            found.forEach(record -> answer.addRecord(record, Section.ANSWER));
        }
        return answer.toWire();
    }

    @Override
    public void close() {
        socket.close();
    }
}
