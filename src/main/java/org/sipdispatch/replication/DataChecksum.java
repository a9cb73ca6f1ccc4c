package org.sipdispatch.replication;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.sets.Destination;

/**
 * A checksum of the definitions that a node uses, for the comparison with the other nodes.
 *
 * @param revision the revision of the definitions
 * @param text 16 hexadecimal digits: the same exactly if order and fields of all definitions are the same
 */
public record DataChecksum(long revision, String text) {
    private static final int BYTES = 8;

    static DataChecksum of(long revision, List<Definition> all) {
        MessageDigest digest = sha256();
        for (Definition definition : all) {
            Destination destination = definition.destination();
            String line = String.join(
                    "\n",
                    definition.id(),
                    destination.uri(),
                    String.valueOf(destination.weight()),
                    String.valueOf(destination.priority()),
                    destination.attrs(),
                    destination.description(),
                    String.valueOf(definition.initial().code()),
                    String.valueOf(definition.permanentProbing()),
                    definition.scriptAttrs(),
                    String.valueOf(definition.temporary()),
                    // Without user and password: operators see checksums.
                    String.valueOf(definition.eventSocket()));
            digest.update(line.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return new DataChecksum(revision, HexFormat.of().formatHex(digest.digest(), 0, BYTES));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The form in which nodes exchange it. */
    String encoded() {
        return revision + " " + text;
    }

    /** The checksums by the addresses of their nodes; entries of an unknown form are left out. */
    static Map<String, DataChecksum> decoded(Map<?, ?> byNode) {
        return byNode.entrySet().stream()
                .filter(one -> String.valueOf(one.getValue()).matches("\\d{1,18} [0-9a-f]{16}"))
                .collect(Collectors.toMap(
                        one -> String.valueOf(one.getKey()),
                        one -> decoded(String.valueOf(one.getValue())),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** The addresses of the nodes whose definitions differ from those of this node; nodes without a checksum do not. */
    public static List<String> differing(Map<String, DataChecksum> byNode, List<ClusterMember> members) {
        DataChecksum own = members.stream()
                .filter(ClusterMember::self)
                .map(node -> byNode.get(node.address()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return own == null
                ? List.of()
                : members.stream()
                        .map(ClusterMember::address)
                        .filter(node -> byNode.containsKey(node)
                                && !byNode.get(node).text().equals(own.text()))
                        .sorted()
                        .toList();
    }

    private static DataChecksum decoded(String encoded) {
        String[] parts = encoded.split(" ");
        return new DataChecksum(Long.parseLong(parts[0]), parts[1]);
    }
}
