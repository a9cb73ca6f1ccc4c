package org.sipdispatch.tls;

import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * An engine that reports why its connection failed: Akka does not log that for a connection from another host.
 * {@link PeerCertificateCheck} reports refused certificates.
 */
public final class ReportingEngine extends SSLEngine {
    private final SSLEngine engine;
    private final Consumer<String> failed;
    private boolean isReported;

    /** {@code failed} receives the reason, at most once. */
    public ReportingEngine(SSLEngine engine, Consumer<String> failed) {
        this.engine = engine;
        this.failed = failed;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer to) throws SSLException {
        try {
            return engine.wrap(from, offset, length, to);
        } catch (SSLException e) {
            throw reported(e);
        }
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int length) throws SSLException {
        try {
            return engine.unwrap(from, to, offset, length);
        } catch (SSLException e) {
            throw reported(e);
        }
    }

    @Override
    public void closeInbound() throws SSLException {
        engine.closeInbound();
    }

    private SSLException reported(SSLException e) {
        if (!isReported) {
            isReported = true;
            if (!(e.getCause() instanceof CertificateException)) {
                failed.accept(reason(PeerSuppliedText.printable(String.valueOf(e.getMessage()))));
            }
        }
        return e;
    }

    private static String reason(String message) {
        if (message.contains("fatal alert") && message.matches(".*(certificate|unknown_ca).*")) {
            return "the other side refuses our certificate, or has none that we accept; " + message;
        } else if (message.contains("Empty client certificate chain")) {
            return "the other side has no certificate";
        } else if (message.contains("plaintext connection")) {
            return "the other side does not use TLS";
        }
        return message;
    }

    @Override
    public Runnable getDelegatedTask() {
        return engine.getDelegatedTask();
    }

    @Override
    public boolean isInboundDone() {
        return engine.isInboundDone();
    }

    @Override
    public void closeOutbound() {
        engine.closeOutbound();
    }

    @Override
    public boolean isOutboundDone() {
        return engine.isOutboundDone();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return engine.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return engine.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        engine.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return engine.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        engine.setEnabledProtocols(protocols);
    }

    @Override
    public SSLSession getSession() {
        return engine.getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        return engine.getHandshakeSession();
    }

    @Override
    public void beginHandshake() throws SSLException {
        engine.beginHandshake();
    }

    @Override
    public SSLEngineResult.HandshakeStatus getHandshakeStatus() {
        return engine.getHandshakeStatus();
    }

    @Override
    public void setUseClientMode(boolean mode) {
        engine.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return engine.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        engine.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return engine.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        engine.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return engine.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        engine.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return engine.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return engine.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        engine.setSSLParameters(parameters);
    }
}
