package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.sipdispatch.agents.LateAgents;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.sip.SipResponse;

/**
 * A Kamailio and a node with the same destinations. The node has the list that {@code import} makes of Kamailio's, and
 * rules with Kamailio's numbers. Both ping all destinations once a second.
 */
final class BesideKamailio implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern AGENT = Pattern.compile("@(\\d+)");

    final LateAgents agents;
    final KamailioDispatcher kamailio;
    final SerialCaller caller = new SerialCaller();
    private final NodeProcess node;
    private final InetSocketAddress here = NodeProcess.at(Ports.next());

    /** Where the same calls would be sent: for each call the agents, in the order in which they would be tried. */
    record Orders(List<List<Integer>> kamailio, List<List<Integer>> here) {
        /** How often each agent is the first one at Kamailio. */
        int[] firstsOfKamailio(int agents) {
            return firsts(kamailio, agents);
        }

        /** How often each agent is the first one here. */
        int[] firstsHere(int agents) {
            return firsts(here, agents);
        }

        private static int[] firsts(List<List<Integer>> orders, int agents) {
            int[] counts = new int[agents];
            orders.forEach(order -> counts[order.get(0)]++);
            return counts;
        }
    }

    private BesideKamailio(LateAgents agents, String list, boolean latency, List<String> rules) {
        this.agents = agents;
        kamailio = KamailioDispatcher.start(list, latency);
        String more = """
                sockets { main = "udp:127.0.0.1:%d" }
                partitions.default.db_url = "file:$list"
                probing { ds_ping_interval = 1s, ds_probing_mode = 1, ds_probing_threshold = 1, ping-timeout = 2s }
                rules = [
                %s]
                """.formatted(here.getPort(), String.join("", rules));
        node = NodeProcess.start(more, imported(kamailio.list()));
    }

    /**
     * Starts both.
     *
     * @param agents how many destinations there are
     * @param list Kamailio's list, with {@code @0} for the URI of the first destination
     * @param latency whether Kamailio's pings measure latencies
     * @param selections sets and Kamailio's algorithms, such as {@code 1-9}
     */
    static BesideKamailio start(int agents, String list, boolean latency, String... selections) {
        LateAgents started = LateAgents.start(agents, 0, 0);
        List<String> uris = started.uris();
        String rows = AGENT.matcher(list).replaceAll(agent -> uris.get(Integer.parseInt(agent.group(1))));
        List<String> rules = new ArrayList<>();
        for (String selection : selections) {
            String[] parts = selection.split("-");
            String select = "select { set = %s, numbers = kamailio, alg = %s, flags = F, unusable { code = 480 } }"
                    .formatted(parts[0], parts[1]);
            rules.add("{ when { ruri = \"^sip:order-%s@\" }, %s, relay { mode = redirect } }%n"
                    .formatted(selection, select));
            rules.add("{ when { ruri = \"^sip:call-%s@\" }, %s }%n".formatted(selection, select));
        }
        return new BesideKamailio(started, rows, latency, rules);
    }

    /** All rows are carried over; the sockets of the configuration would have to be written by hand. */
    private static String imported(Path list) {
        Path folder = list.resolveSibling("imported");
        CommandLineRun run =
                CommandLineRun.inProcess("import", "--kamailio-list", list.toString(), "--out", folder.toString());
        assertThat(run.out() + run.err()).containsPattern("(\\d+) list rows: \\1 carried over");
        try {
            return Files.readString(folder.resolve("dispatcher.list"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The two proxies, Kamailio first. */
    List<InetSocketAddress> both() {
        return List.of(kamailio.address(), here);
    }

    InetSocketAddress here() {
        return here;
    }

    /** Asks both where the same calls would be sent. */
    Orders ask(String selection, int calls) {
        Orders orders = new Orders(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < calls; i++) {
            String call = Requests.newCall();
            orders.kamailio.add(order(kamailio.address(), selection, call));
            orders.here.add(order(here, selection, call));
        }
        return orders;
    }

    private List<Integer> order(InetSocketAddress proxy, String selection, String call) {
        SipResponse response = caller.invite(proxy, "order-" + selection, call);
        assertThat(response.status()).as("%s from %s", selection, proxy).isEqualTo(302);
        return agentsOf(response);
    }

    /** The agents that the Contacts of a response name. */
    List<Integer> agentsOf(SipResponse response) {
        return SerialCaller.ports(response).stream()
                .map(agents.ports()::indexOf)
                .toList();
    }

    /** These fall silent, or answer again; both proxies know it on return. */
    void silent(boolean silent, int... some) {
        for (int agent : some) {
            agents.silent(agent, silent);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> IntStream.of(some)
                        .mapToObj(agents.uris()::get)
                        .allMatch(uri -> kamailio.isActive(uri, !silent) && isActiveHere(uri, !silent)));
    }

    private boolean isActiveHere(String uri, boolean active) {
        return states(uri).stream().allMatch(state -> state.equals("Active") == active);
    }

    private List<String> states(String uri) {
        List<String> states = new ArrayList<>();
        for (JsonNode one : get("/dispatcher/destinations?limit=1000").path("destinations")) {
            if (one.path("id").asText().endsWith(uri)) {
                states.add(one.path("state").asText());
            }
        }
        assertThat(states).as(uri).isNotEmpty();
        return states;
    }

    /** How the node explains where an INVITE to a user would be sent. */
    String explained(String user) {
        String text = Requests.udp(here).to("sip:" + user + "@example.com").of("INVITE", Requests.newCall());
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + node.managementPort() + "/dispatcher/pick?source=127.0.0.1:5060"))
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private JsonNode get(String path) {
        try (InputStream answer = URI.create("http://127.0.0.1:" + node.managementPort() + path)
                .toURL()
                .openStream()) {
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        caller.close();
        node.close();
        kamailio.close();
        agents.close();
    }
}
