package org.sipdispatch.app;

/** The version of this program. */
final class Version {
    private Version() {}

    /** The program and its version, from the jar's manifest. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return "sip-dispatcher " + (version == null ? "from sources" : version);
    }
}
