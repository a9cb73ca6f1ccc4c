package org.sipdispatch.agents;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sipdispatch.freeswitch.EventSocketUrl;

/** The event socket of a FreeSWITCH: takes logins, then sends events to all who subscribed to heartbeats. */
public final class EventSocketServer implements AutoCloseable {
    private static final String LOGIN = "Content-Type: auth/request\n\n";

    private final ServerSocket listening;
    private final String login;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<Socket> subscribed = new CopyOnWriteArrayList<>();
    /** All commands that clients have sent. */
    public final List<String> commands = new CopyOnWriteArrayList<>();

    /** {@code login}: the only accepted one, such as {@code auth ClueCon}. */
    public EventSocketServer(String login) throws IOException {
        this.login = login;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "event-socket-server");
        thread.setDaemon(true);
        thread.start();
    }

    public EventSocketUrl url(String userAndPassword) {
        return EventSocketUrl.parse("fs://" + userAndPassword + "@127.0.0.1:" + listening.getLocalPort());
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                open.add(client);
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            send(client, LOGIN);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isEmpty()) {
                    commands.add(line);
                    answer(client, line);
                }
            }
        } catch (IOException e) {
            // closed
        } finally {
            open.remove(client);
            subscribed.remove(client);
        }
    }

    private void answer(Socket client, String command) throws IOException {
        if (command.equals(login)) {
            send(client, "Content-Type: command/reply\nReply-Text: +OK accepted\n\n");
        } else if (command.equals("event plain HEARTBEAT")) {
            send(client, "Content-Type: command/reply\nReply-Text: +OK event listener enabled plain\n\n");
            subscribed.add(client);
        } else {
            send(client, "Content-Type: command/reply\nReply-Text: -ERR invalid\n\n");
        }
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How many clients are logged in and subscribed now. */
    public int subscribers() {
        return subscribed.size();
    }

    /** A HEARTBEAT event as FreeSWITCH 1.10 sends it, with fewer fields. */
    public static String event(int sessions, int most, String idleCpu) {
        String body =
                "Event-Name: HEARTBEAT\nCore-UUID: 6d2375b0-5183-11e1-b24c-f527b57af954\nFreeSWITCH-Hostname: fs1\n"
                        + "Event-Info: System%20Ready\nUp-Time: 0%20years,%200%20days\nSession-Count: " + sessions
                        + "\nMax-Sessions: " + most + "\nSession-Per-Sec: 30\nIdle-CPU: " + idleCpu + "\n\n";
        return "Content-Length: " + body.length() + "\nContent-Type: text/event-plain\n\n" + body;
    }

    public void heartbeat(int sessions, int most, String idleCpu) {
        send(event(sessions, most, idleCpu));
    }

    /** Sends a text to all subscribers. */
    public void send(String text) {
        for (Socket client : subscribed) {
            try {
                send(client, text);
            } catch (IOException e) {
                // this client has gone
            }
        }
    }

    /** Closes all connections; new ones are accepted. */
    public void drop() {
        subscribed.clear();
        open.forEach(EventSocketServer::close);
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        drop();
    }
}
