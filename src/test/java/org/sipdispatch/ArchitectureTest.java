package org.sipdispatch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packages and libraries that each package may use, as in the table of the page "Architecture". */
class ArchitectureTest {
    private static final String ROOT = "org.sipdispatch.";

    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            entry("sip", List.of()),
            entry("settings", List.of()),
            entry("tls", List.of("settings")),
            entry("logging", List.of()),
            entry("sets", List.of("sip", "settings")),
            entry("destination", List.of("sip", "sets", "settings")),
            entry("routing", List.of("sip", "sets", "settings")),
            entry("transaction", List.of("sip")),
            entry("observation", List.of("sets", "destination", "transaction")),
            entry("proxy", List.of("sip", "sets", "destination", "routing", "transaction", "observation", "settings")),
            entry(
                    "transport",
                    List.of(
                            "sip",
                            "sets",
                            "destination",
                            "routing",
                            "transaction",
                            "observation",
                            "proxy",
                            "tls",
                            "settings")),
            entry("database", List.of("settings")),
            entry("catalog", List.of("sip", "sets", "destination", "database", "settings")),
            entry("store", List.of("database", "settings")),
            entry("demo", List.of("sip", "settings")),
            entry("migrate", List.of("sip", "sets", "routing", "database", "settings")),
            entry("cli", List.of("tls", "settings")),
            entry("membership", List.of("destination", "settings")),
            entry("orders", List.of("destination", "membership")),
            entry("sharding", List.of("destination", "membership")),
            entry("replication", List.of("sets", "destination", "membership", "sharding", "settings")),
            entry(
                    "definitions",
                    List.of("sets", "destination", "catalog", "membership", "orders", "replication", "settings")),
            entry(
                    "cluster",
                    List.of(
                            "sets",
                            "destination",
                            "membership",
                            "orders",
                            "sharding",
                            "replication",
                            "definitions",
                            "settings")),
            entry("wire", List.of("sets", "destination", "membership", "replication", "definitions", "cluster")),
            entry("history", List.of("sip", "sets", "destination", "database", "store", "settings")),
            entry(
                    "operations",
                    List.of(
                            "sip",
                            "sets",
                            "destination",
                            "observation",
                            "proxy",
                            "transport",
                            "membership",
                            "orders",
                            "replication",
                            "definitions",
                            "cluster",
                            "history",
                            "settings")),
            entry(
                    "metrics",
                    List.of(
                            "sets",
                            "destination",
                            "transaction",
                            "observation",
                            "transport",
                            "membership",
                            "replication",
                            "cluster",
                            "logging",
                            "settings")),
            entry(
                    "manage",
                    List.of(
                            "metrics",
                            "sip",
                            "sets",
                            "destination",
                            "observation",
                            "proxy",
                            "transport",
                            "membership",
                            "orders",
                            "replication",
                            "definitions",
                            "cluster",
                            "history",
                            "operations",
                            "tls",
                            "settings")),
            entry(
                    "app",
                    List.of(
                            "history",
                            "operations",
                            "sip",
                            "sets",
                            "destination",
                            "routing",
                            "transaction",
                            "observation",
                            "proxy",
                            "transport",
                            "catalog",
                            "store",
                            "membership",
                            "replication",
                            "definitions",
                            "cluster",
                            "metrics",
                            "manage",
                            "demo",
                            "migrate",
                            "cli",
                            "logging",
                            "settings")));

    private static final int LARGEST_KNOT = 3;

    /** Packages that do not comply yet, with the size of their largest cycle. */
    private static final Map<String, Integer> KNOTS_LEFT =
            Map.of("transport", 11, "destination", 7, "manage", 5, "sets", 4);

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.sipdispatch");

    static Set<String> packages() {
        return MAY_USE.keySet();
    }

    @Test
    void everyPackageIsInTheTable() {
        Set<String> found = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring(ROOT.length()))
                .collect(Collectors.toSet());

        assertThat(found).isEqualTo(packages());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesOnlyThePackagesThatItMay(String packageName) {
        String[] allowed = Stream.concat(Stream.of(packageName), MAY_USE.get(packageName).stream())
                .map(name -> ROOT + name)
                .toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(ROOT + packageName)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(not(resideInAPackage("org.sipdispatch.."))))
                .check(CLASSES);
    }

    @Test
    void noPackageUsesItselfThroughOthers() {
        slices().matching("org.sipdispatch.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void noMoreThanThreeTypesOfAPackageDependOnEachOtherInACircle(String packageName) {
        int largest = KNOTS_LEFT.getOrDefault(packageName, LARGEST_KNOT);

        assertThat(Knots.of(CLASSES, ROOT + packageName))
                .allSatisfy(knot -> assertThat(knot).hasSizeLessThanOrEqualTo(largest));
    }

    @ParameterizedTest
    @CsvSource({
        "java.sql.., database catalog store history",
        "javax.sql.., database catalog store",
        "com.zaxxer.., database",
        "com.typesafe.config.., settings transport store cluster manage app",
        "picocli.., app cli",
        "akka.., sets destination transport cluster membership orders sharding replication definitions wire history"
                + " operations manage",
        "com.github.benmanes.., transport manage",
        "org.xbill.., transport",
        "com.esotericsoftware.kryo.., wire",
        "com.fasterxml.jackson.., history manage cli",
        "io.micrometer.., metrics",
        "io.prometheus.., metrics",
        "akka.cluster.., cluster membership sharding replication definitions",
        "akka.persistence.., destination",
        "akka.http.., manage cluster",
        "akka.management.., manage cluster",
        "org.slf4j.., transaction observation proxy transport destination store cluster membership replication definitions history manage app",
        "ch.qos.logback.., logging",
    })
    void aLibraryIsUsedOnlyWhereItBelongs(String library, String packages) {
        String[] allowed = Stream.of(packages.split(" "))
                .map(packageName -> ROOT + packageName)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    @Test
    void inSetsOnlyActorsKnowAkka() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "sets")
                .and(not(isActorOrInsideOne()))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("akka..")
                .check(CLASSES);
    }

    @Test
    void inDestinationOnlyActorsAndJournalsKnowAkkaAndTheLog() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "destination")
                .and(not(isActorOrInsideOne()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("akka..", "org.slf4j..")
                .check(CLASSES);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> isActorOrInsideOne() {
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                "are actors or inside one",
                type -> type.getName().matches(".*(Actor|Interceptor|Journal|JournalWriter|Serializer)(\\$.*)?"));
    }

    /** No sockets, files, threads, clocks or random numbers: parsing depends on the message only. */
    @Test
    void sipNeedsNothingButTextAndCollections() {
        classes()
                .that()
                .resideInAPackage(ROOT + "sip")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                ROOT + "sip",
                                "java.lang..",
                                "java.util",
                                "java.util.function",
                                "java.nio",
                                "java.nio.charset")
                        .and(not(belongToAnyOf(Random.class, SplittableRandom.class, java.util.Timer.class))))
                .check(CLASSES);
    }

    /** Time is an argument. Random numbers are one too, except in the proxy, which draws one for algorithm 6. */
    @ParameterizedTest
    @ValueSource(strings = {"sip", "sets", "destination", "routing", "transaction", "observation", "proxy", "settings"})
    void purePackagesAskNoClock(String packageName) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + packageName)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.time.chrono..", "java.util.concurrent")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.time.Clock.class, java.time.Instant.class, ThreadLocalRandom.class, Thread.class)
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Manager|Utils?|Helper|Handler|Processor)(\\$.*)?")
                .check(CLASSES);
    }
}
