package org.sipdispatch.app;

/** The version of this program. */
final class ProgramVersion {
    private ProgramVersion() {}

    /** The program and its version, from the jar's manifest. */
    static String text() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return "sip-dispatcher " + (version == null ? "from sources" : version);
    }
}
