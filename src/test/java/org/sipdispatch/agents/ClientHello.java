package org.sipdispatch.agents;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;

/** The first message of a TLS client, for what openssl no longer offers (RFC 5246 section 7.4.1.2). */
public final class ClientHello {
    private static final int HANDSHAKE = 22;
    private static final int PATIENCE_MS = 10_000;
    /** TLS_RSA_WITH_AES_128_CBC_SHA, TLS_RSA_WITH_3DES_EDE_CBC_SHA, TLS_RSA_WITH_RC4_128_SHA. */
    private static final String OLD_SUITES = "002f000a0005";
    /** TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256. */
    private static final String SUITES = "c02bc02f";
    /** supported_groups: secp256r1; signature_algorithms: ecdsa_secp256r1_sha256, rsa_pkcs1_sha256. */
    private static final String EXTENSIONS = "000a00040002" + "0017" + "000d00060004" + "04030401";

    private ClientHello() {}

    /** A client of SSL 3.0. */
    public static byte[] ssl3() {
        return record("0300", "0300" + "11".repeat(32) + "00" + withLength2(OLD_SUITES) + "0100");
    }

    /** A client of TLS 1.2 that prefers the compression DEFLATE to none. */
    public static byte[] withCompression() {
        return record(
                "0301", "0303" + "11".repeat(32) + "00" + withLength2(SUITES) + "020100" + withLength2(EXTENSIONS));
    }

    private static byte[] record(String version, String body) {
        String message = "01" + "%06x".formatted(body.length() / 2) + body;
        return HexFormat.of().parseHex("16" + version + withLength2(message));
    }

    private static String withLength2(String hex) {
        return "%04x".formatted(hex.length() / 2) + hex;
    }

    /** The first record that the server answers, without its head; the type is its first byte. Empty if it closes. */
    public static byte[] answer(InetSocketAddress server, byte[] hello) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(server);
            socket.getOutputStream().write(hello);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            ByteArrayOutputStream record = new ByteArrayOutputStream();
            record.write(in.readUnsignedByte());
            in.readUnsignedShort();
            record.write(in.readNBytes(in.readUnsignedShort()));
            return record.toByteArray();
        } catch (EOFException closed) {
            return new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The compression in a ServerHello that {@link #answer} has returned; 0: none.
     *
     * @throws IllegalArgumentException if it is no ServerHello
     */
    public static int compression(byte[] serverHello) {
        int version = 1 + 4;
        int session = version + 2 + 32;
        if (serverHello.length < session || serverHello[0] != HANDSHAKE || serverHello[1] != 2) {
            throw new IllegalArgumentException(HexFormat.of().formatHex(serverHello));
        }
        int suite = session + 1 + serverHello[session];
        return serverHello[suite + 2];
    }
}
