package org.sipdispatch.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shows what each node of {@code cluster-deploy/local} says over HTTP. */
public final class LocalStatus {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_MS = 5000;

    private LocalStatus() {}

    /** Arguments: {@code host:port} of each node's management. */
    public static void main(String[] args) {
        String some = null;
        for (String node : args) {
            try {
                JsonNode members = get(node, "/cluster/members");
                Map<String, String> seen = new TreeMap<>();
                members.path("members")
                        .forEach(member -> seen.put(
                                member.path("node").asText().replaceAll(".*@", ""),
                                member.path("status").asText()));
                System.out.printf(
                        "node %s: %s, sees %s, leader %s%n",
                        node,
                        readiness(get(node, "/dispatcher/ready")),
                        seen,
                        members.path("leader").asText().replaceAll(".*@", ""));
                for (JsonNode one : get(node, "/dispatcher/destinations").path("destinations")) {
                    System.out.printf(
                            "    %-34s %-9s failures %s%s%n",
                            one.path("id").asText(),
                            one.path("state").asText(),
                            one.path("failures").asText(),
                            one.path("hold").asBoolean() ? ", held by " + one.path("who") : "");
                }
                some = node;
            } catch (IOException e) {
                System.out.println("node " + node + ": " + e.getMessage());
            }
        }
        if (some != null) {
            owners(some);
        }
    }

    private static String readiness(JsonNode answer) {
        List<String> reasons = new ArrayList<>();
        answer.path("reasons").forEach(reason -> reasons.add(reason.asText()));
        return answer.path("ready").asBoolean() ? "ready" : "NOT READY (" + String.join("; ", reasons) + ")";
    }

    private static void owners(String asked) {
        System.out.println("who probes what, asked through " + asked + ":");
        try {
            for (JsonNode one : get(asked, "/dispatcher/destinations").path("destinations")) {
                String id = one.path("id").asText();
                JsonNode report =
                        get(asked, "/dispatcher/destinations/" + URLEncoder.encode(id, StandardCharsets.UTF_8));
                System.out.printf("    %-34s %s%n", id, report.path("node").asText());
            }
        } catch (IOException e) {
            System.out.println("    " + e.getMessage());
        }
    }

    private static JsonNode get(String node, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://" + node + path).toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MS);
        connection.setReadTimeout(PATIENCE_MS);
        String token = System.getenv("SIP_DISPATCHER_TOKEN");
        if (token != null) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        int code = connection.getResponseCode();
        try (InputStream answer = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return JSON.readTree(answer);
        }
    }
}
