package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Responses of a node in the fake cluster. */
final class FakeNodeData {
    static final String[] NODES = {"10.0.0.1:25520", "10.0.0.2:25520", "10.0.0.3:25520"};

    static final String RELOAD = """
            {"revision":13,"changes":["added default:1:sip:10.1.0.9:5060","removed default:2:sip:10.2.0.4:5060",
            "changed default:1:sip:10.1.0.1:5060: weight 1 to 5"],
            "warnings":["row 17: weight: 0 (expected: 1 or more)"],"error":""}
            """;

    static final String UNKNOWN = """
            {"order":"3f0c-7","destination":"default:1:sip:10.1.0.1:5060","what":"hold","outcome":"unknown",
             "message":"order: unknown outcome (expected: an answer within 15s)",
             "look":"/dispatcher/orders/3f0c-7","history":""}""";

    static final String BAD_ROWS = "rows: 1 that cannot be used; dispatcher id 17: weight: x (expected: a number)";

    static final String PICK = """
            {"outcome":"dispatch","reason":"","rule":"rules[0]","mode":"stateful","replyCode":0,"replyReason":null,
            "sets":[{"partition":"default","set":1,"algorithm":"0","algorithmName":"hash of Call-ID","flags":"F",
            "key":"1@192.0.2.1","hash":2857740885,"note":"","members":[
            {"id":"default:1:sip:10.1.0.1:5060","uri":"sip:10.1.0.1:5060","usable":false,"rank":0,"why":"Probing",
            "state":"Probing","hold":false,"who":"probe","whySince":"no reply"},
            {"id":"default:1:sip:10.1.0.2:5060","uri":"sip:10.1.0.2:5060","usable":true,"rank":1,"why":"hash 5 of 12",
            "state":"Active","hold":false,"who":"probe","whySince":"reply 200"},
            {"id":"default:1:sip:10.1.0.3:5060","uri":"sip:10.1.0.3:5060","usable":true,"rank":2,"why":"next",
            "state":"Active","hold":false,"who":"probe","whySince":"reply 200"}],"candidates":[1,2]}],
            "candidates":[{"id":"default:1:sip:10.1.0.2:5060","uri":"sip:10.1.0.2:5060"},
            {"id":"default:1:sip:10.1.0.3:5060","uri":"sip:10.1.0.3:5060"}]}
            """;

    private static final List<Integer> LIMITS = List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000);

    private FakeNodeData() {}

    static ObjectNode row(String partition, int set, String uri, String state) {
        ObjectNode row = FakeNode.JSON.createObjectNode();
        row.put("id", partition + ":" + set + ":" + uri).put("partition", partition);
        row.put("set", set).put("uri", uri).put("socket", "").put("weight", "1").put("priority", 0);
        row.put("attrs", "pstn=yes")
                .put("description", "gateway")
                .put("scriptAttrs", "")
                .put("temporary", false);
        row.put("state", state).put("takesTraffic", state.equals("Active")).put("hold", state.equals("Inactive"));
        row.put("busy", false).put("failures", state.equals("Probing") ? 3 : 0).put("successes", 12);
        row.put("version", "4.17").put("sinceMs", System.currentTimeMillis() - 5_400_000L);
        row.put("who", state.equals("Inactive") ? "ops" : "probe");
        row.put("why", state.equals("Active") ? "reply 200" : state.equals("Probing") ? "no reply" : "maintenance");
        return row.put("owner", NODES[Math.floorMod(uri.hashCode(), NODES.length)]);
    }

    /** One of a row's {@code targets}. */
    static ObjectNode target(String address, int weight, String state) {
        ObjectNode target = row("default", 1, address, state);
        target.retain("state", "takesTraffic", "hold", "busy", "failures", "successes", "sinceMs", "who", "why");
        return target.put("target", address)
                .put("host", "a.gw.example.com")
                .put("priority", 0)
                .put("weight", weight);
    }

    static ObjectNode node(int destinations) {
        ObjectNode node = FakeNode.JSON.createObjectNode();
        node.put("address", NODES[0]).put("listening", true).put("member", true);
        node.putArray("suspects");
        node.putObject("overload").put("mode", "normal").put("shedPercent", 0);
        var members = node.putArray("members");
        for (int i = 0; i < NODES.length; i++) {
            members.addObject()
                    .put("address", NODES[i])
                    .put("status", "Up")
                    .put("reachable", true)
                    .put("oldest", i == 1)
                    .put("self", i == 0)
                    .put("revision", 12)
                    .put("checksum", i == 2 ? "0badc0de" : "5eed1234")
                    .put("owned", destinations / NODES.length);
        }
        return node;
    }

    static ObjectNode maintenance(boolean on, int openCalls) {
        ObjectNode answer = FakeNode.JSON
                .createObjectNode()
                .put("node", NODES[0])
                .put("maintenance", on)
                .put("keep", false)
                .put("sinceMs", on ? System.currentTimeMillis() : 0)
                .put("who", on ? "ops" : "")
                .put("why", on ? "kernel" : "")
                .put("openCalls", openCalls)
                .put("ringing", 0)
                .put("pending", 0)
                .put("done", on && openCalls == 0)
                .put("warning", "");
        answer.putArray("takingNodes").add(NODES[1]);
        return answer;
    }

    static ObjectNode report(ObjectNode row, boolean differs) {
        long nowMs = System.currentTimeMillis();
        ObjectNode answer = row.deepCopy();
        answer.put("node", row.path("owner").asText()).put("disputed", false).put("unsaved", false);
        answer.put("lastPingAtMs", nowMs - 4000).put("nextPingAtMs", nowMs + 6000);
        answer.putObject("lastPing").put("result", "replied").put("code", 200).put("roundTripMicros", 1840);
        answer.putArray("opinions")
                .addObject()
                .put("node", NODES[1])
                .put("atMs", nowMs - 9000)
                .put("result", "silent")
                .put("code", 0)
                .put("roundTripMicros", 0);
        answer.putObject("here")
                .put("state", differs ? "Probing" : row.get("state").asText())
                .put("takesTraffic", !differs && row.get("takesTraffic").asBoolean())
                .put("version", differs ? "4.16" : row.get("version").asText());
        return answer.put("differs", differs);
    }

    static ObjectNode calls(int open, List<String> silent) {
        ObjectNode calls = FakeNode.JSON.createObjectNode().put("total", open).put("ringing", 0);
        silent.forEach(calls.putArray("silent")::add);
        calls.putObject("nodes").put(NODES[0], open - open / 3).put(NODES[1], open / 3);
        return calls;
    }

    /** The traffic until then, at that rate per second for each destination. */
    static ObjectNode traffic(long atMs, long seconds, List<String> ids) {
        ObjectNode all = FakeNode.JSON.createObjectNode().put("atMs", atMs);
        long total = 0;
        var list = all.putArray("destinations");
        for (int i = 0; i < ids.size(); i++) {
            long requests = (long) ((5 + i % 7) * seconds + 40 * Math.sin(seconds / 20.0 + i) + 40);
            total += requests;
            ObjectNode one = list.addObject()
                    .put("id", ids.get(i))
                    .put("firstHits", requests)
                    .put("requests", requests);
            one.putObject("replies")
                    .put("1xx", requests)
                    .put("2xx", requests * 8 / 10)
                    .put("3xx", 0)
                    .put("4xx", requests / 8)
                    .put("5xx", requests / 40)
                    .put("6xx", 0);
            one.put("silent", requests / 90).put("unreachable", 0).put("failovers", requests / 60);
            ObjectNode latency =
                    one.putObject("latencyMs").put("count", requests).put("sumMs", requests * 7.5);
            ObjectNode buckets = latency.putObject("buckets");
            for (int limit : LIMITS) {
                buckets.put(
                        String.valueOf(limit),
                        limit == 5
                                ? requests * 6 / 10
                                : limit == 20 ? requests * 3 / 10 : limit == 50 ? requests / 10 : 0);
            }
            buckets.put("inf", 0);
            one.put("openCalls", 3 + i % 9);
        }
        var quality = all.putArray("quality");
        ids.stream()
                .limit(2)
                .forEach(id -> quality.addObject()
                        .put("id", id)
                        .put("seizures", 120)
                        .put("answers", 49)
                        .put("effective", 110)
                        .put("delays", 100)
                        .put("ended", 40)
                        .put("asr", 40.8)
                        .put("ner", 91.7)
                        .put("pddMs", 1240.2)
                        .put("acdSeconds", 93.1));
        all.putArray("shares")
                .addObject()
                .put("id", ids.get(ids.size() - 1))
                .put("backoffMs", 12_300)
                .put("sharePercent", 100);
        all.putObject("node")
                .put("requests", total)
                .put("forwarded", total)
                .put("failovers", total / 60)
                .put("pending", 20 + seconds % 7);
        return all;
    }

    static ObjectNode limit(String name, int maxCalls, int calls, int elsewhere) {
        return FakeNode.JSON
                .createObjectNode()
                .put("name", name)
                .put("maxCalls", maxCalls)
                .put("maxCps", 50)
                .put("burst", 10)
                .put("calls", calls)
                .put("elsewhere", elsewhere)
                .put("free", 0)
                .put("refused", 4);
    }

    static ObjectNode entry(long id, String destination, String state, String who, String why) {
        ObjectNode entry = FakeNode.JSON.createObjectNode().put("id", id);
        entry.put("atMs", System.currentTimeMillis() - 60_000L * (100 - id))
                .put("kind", state.isEmpty() ? "ORDER" : "STATUS");
        entry.put("destination", destination).put("state", state).put("busy", false);
        entry.put("what", state.isEmpty() ? "hold" : "status").put("who", who).put("why", why);
        return entry.put("version", "4." + id).put("node", NODES[0]);
    }
}
