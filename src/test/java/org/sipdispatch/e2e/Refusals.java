package org.sipdispatch.e2e;

import java.util.List;
import java.util.Map;

/** Invalid requests, through each interface that accepts them. */
final class Refusals {
    private static final String ALL = "/dispatcher/destinations";
    private static final String NOBODY = "sip:nowhere";

    private Refusals() {}

    /** {@code uri}: a destination of set 1 in the table. */
    static List<Refused> of(String uri) {
        return List.of(
                Refused.with("set: default:99 (expected: one with destinations)")
                        .http(404, "GET", "/dispatcher/sets/default/99", "")
                        .http(404, "GET", "/dispatcher/count?set=99", "")
                        .cli(1, "count", "99"),
                destination("default:1:" + NOBODY, "1", NOBODY),
                destination("default:99:" + uri, "99", uri),
                state(uri),
                partition(),
                Refused.with("destination: 10.9.9.9:5060 (expected: one of set default:1)")
                        .http(404, "POST", "/dispatcher/attrs", attrs("10.9.9.9", 5060))
                        .cli(1, "attrs", "1", "10.9.9.9:5060", "a=1")
                        .mi(404, "destination not found", "ds_push_script_attrs", attrs(5060)),
                port(),
                Refused.with("states: axe (expected: letters of a (active), i (inactive), p (probing))")
                        .http(400, "GET", "/dispatcher/count?set=1&states=axe", "")
                        .cli(2, "count", "1", "axe"),
                Refused.with("uri: tel:1 (expected: a sip URI)")
                        .http(400, "POST", ALL, "{'set':1,'uri':'tel:1'}")
                        .cli(1, "add", "1", "tel:1"),
                Refused.with("destination: default:1:" + uri + " (expected: one that is in no table or list)")
                        .http(409, "POST", ALL, "{'set':1,'uri':'" + uri + "'}")
                        .cli(1, "add", "1", uri),
                Refused.with("destination: default:1:" + uri
                                + " (expected: a temporary one; this one is in a table or list)")
                        .http(409, "DELETE", OperatorInterfaces.path("default:1:" + uri), "")
                        .cli(1, "remove", "default:1:" + uri),
                Refused.with(
                                "source: nowhere (expected: an address with a port, as 10.0.0.1:5060 or [2001:db8::1]:5060)")
                        .http(400, "POST", "/dispatcher/pick?source=nowhere", "x")
                        .cli(1, "pick", "pom.xml", "--source", "nowhere"),
                Refused.with("limit: 0 (expected: a number from 1 to 1000)")
                        .http(400, "GET", "/dispatcher/history?limit=0", "")
                        .cli(1, "history", "--limit", "0"));
    }

    private static Refused destination(String id, String group, String uri) {
        String path = OperatorInterfaces.path(id);
        return Refused.with("destination: " + id + " (expected: one that is defined)")
                .http(404, "GET", path, "")
                .http(404, "GET", path + "/drain", "")
                .http(404, "POST", path + "/state", "{'state':'a'}")
                .http(404, "POST", path + "/hold", "")
                .http(404, "POST", path + "/release", "")
                .http(404, "POST", path + "/probe", "")
                .http(404, "POST", path + "/drain", "")
                .http(404, "DELETE", path, "")
                .cli(1, "show", id)
                .cli(1, "state", id, "a")
                .cli(1, "hold", id)
                .cli(1, "release", id)
                .cli(1, "probe", id)
                .cli(1, "drain", id)
                .cli(1, "remove", id)
                .mi(404, "destination not found", "ds_set_state", Map.of("state", "a", "group", group, "address", uri));
    }

    private static Refused state(String uri) {
        String id = "default:1:" + uri;
        return Refused.with("state: broken (expected: active, inactive or probing)")
                .http(400, "POST", OperatorInterfaces.path(id) + "/state", "{'state':'broken'}")
                .http(400, "GET", ALL + "?state=broken", "")
                .http(400, "POST", ALL, "{'set':8,'uri':'sip:10.0.0.1','state':'broken'}")
                .cli(2, "state", id, "broken")
                .cli(2, "list", "--state", "broken")
                .cli(2, "add", "8", "sip:10.0.0.1", "--state", "broken")
                .mi(500, "Bad state value", "ds_set_state", Map.of("state", "broken", "group", "1", "address", uri));
    }

    /** Where the partition is a filter, as in lists over HTTP, an unknown one has no destinations. */
    private static Refused partition() {
        return Refused.with("partition: other (expected: one of default)")
                .http(404, "POST", "/dispatcher/reload", "{'partition':'other'}")
                .http(404, "POST", ALL, "{'partition':'other','set':1,'uri':'sip:10.0.0.1'}")
                .cli(1, "reload", "--partition", "other")
                .cli(1, "add", "other:1", "sip:10.0.0.1")
                .mi(500, "ERROR Unknown partition", "ds_reload", Map.of("partition", "other"))
                .mi(404, "ERROR Unknown partition", "ds_list", Map.of("partition", "other"));
    }

    private static Refused port() {
        String message = "port: 70000 (expected: a number from 0 to 65535)";
        return Refused.with(message)
                .http(400, "POST", "/dispatcher/attrs", attrs("10.9.9.9", 70000))
                .cli(1, "attrs", "1", "10.9.9.9:70000", "a=1")
                .mi(400, message, "ds_push_script_attrs", attrs(70000));
    }

    private static String attrs(String ip, int port) {
        return "{'set':1,'ip':'" + ip + "','port':" + port + ",'attrs':'a=1'}";
    }

    private static Map<String, ?> attrs(int port) {
        return Map.of("attrs", "a=1", "ip", "10.9.9.9", "port", port, "set", 1);
    }
}
